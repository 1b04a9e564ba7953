/** The accounts of a house, found in Home Assistant's registries. */

import type { Device, HomeAssistant } from "./home-assistant";
import { DOMAIN } from "./model";

/** Entities by what they tell, which is their translation key. */
export type Entities = Readonly<Record<string, string | undefined>>;

export interface LineDevice {
  readonly name: string;
  readonly entities: Entities;
}

export interface HouseAccount {
  readonly id: string;
  /** The login, as the ids of its statistics have it. */
  readonly user: string;
  readonly title: string;
  readonly entities: Entities;
  readonly lines: readonly LineDevice[];
}

export function entryOf(device: Device | undefined): string | undefined {
  return device?.config_entry_id ?? device?.primary_config_entry ?? device?.config_entries?.[0];
}

const nameOf = (device: Device): string => device.name_by_user ?? device.name ?? "";

/** Find each account with its entities and its lines, these by name. */
export function accountsOf(hass: HomeAssistant): HouseAccount[] {
  const byDevice = new Map<Device, Record<string, string>>();
  for (const { entity_id, platform, device_id, translation_key } of Object.values(hass.entities)) {
    const device = hass.devices[device_id ?? ""];
    if (platform !== DOMAIN || !device || !translation_key || !hass.states[entity_id]) continue;
    byDevice.set(device, { ...byDevice.get(device), [translation_key]: entity_id });
  }
  const devices = [...byDevice].map(([device, entities]) => ({
    device,
    entities,
    name: nameOf(device),
  }));
  devices.sort((one, other) => one.name.localeCompare(other.name, hass.locale.language));
  return devices
    .filter(({ device }) => !device.via_device_id)
    .map(({ device, entities, name }) => ({
      id: entryOf(device) ?? "",
      user: (device.identifiers?.[0]?.[1] ?? "").toLowerCase().replace(/[^a-z\d]+/g, "_"),
      title: name,
      entities,
      lines: devices.filter((line) => line.device.via_device_id === device.id),
    }));
}
