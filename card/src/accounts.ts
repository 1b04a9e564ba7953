/** Finds the accounts, their lines and entities in Home Assistant's registries. */

import type { DeviceRegistryEntry, HomeAssistant } from "./home-assistant";
import { DOMAIN } from "./model";

/** Entity IDs by translation key. */
export type EntityIds = Readonly<Record<string, string | undefined>>;

export interface LineDevice {
  readonly name: string;
  readonly entities: EntityIds;
}

export interface RegistryAccount {
  readonly id: string;
  /** The account's part of statistic IDs. */
  readonly slug: string;
  readonly title: string;
  readonly entities: EntityIds;
  readonly lines: readonly LineDevice[];
}

export function configEntryId(device: DeviceRegistryEntry | undefined): string | undefined {
  return device?.config_entry_id ?? device?.primary_config_entry ?? device?.config_entries?.[0];
}

const deviceName = (device: DeviceRegistryEntry): string =>
  device.name_by_user ?? device.name ?? "";

/** Return each account with its entities, and its lines sorted by name. */
export function findAccounts(hass: HomeAssistant): RegistryAccount[] {
  const byDevice = new Map<DeviceRegistryEntry, Record<string, string>>();
  for (const { entity_id, platform, device_id, translation_key } of Object.values(hass.entities)) {
    const device = hass.devices[device_id ?? ""];
    if (platform !== DOMAIN || !device || !translation_key || !hass.states[entity_id]) continue;
    byDevice.set(device, { ...byDevice.get(device), [translation_key]: entity_id });
  }
  const devices = [...byDevice].map(([device, entities]) => ({
    device,
    entities,
    name: deviceName(device),
  }));
  devices.sort((one, other) => one.name.localeCompare(other.name, hass.locale.language));
  return devices
    .filter(({ device }) => !device.via_device_id)
    .map(({ device, entities, name }) => ({
      id: configEntryId(device) ?? "",
      slug: (device.identifiers?.[0]?.[1] ?? "").toLowerCase().replace(/[^a-z\d]+/g, "_"),
      title: name,
      entities,
      lines: devices.filter((line) => line.device.via_device_id === device.id),
    }));
}
