/** The parts of Home Assistant's frontend that the card uses. */

export interface HassEntity {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface EntityRegistryDisplayEntry {
  readonly entity_id: string;
  readonly platform?: string;
  readonly device_id?: string | null;
  readonly translation_key?: string;
}

export interface DeviceRegistryEntry {
  readonly id: string;
  readonly identifiers?: readonly (readonly string[])[];
  readonly name: string | null;
  readonly name_by_user?: string | null;
  readonly via_device_id?: string | null;
  readonly config_entry_id?: string;
  readonly primary_config_entry?: string | null;
  readonly config_entries?: readonly string[];
}

/** Language and formats of the user's profile. */
export interface FrontendLocaleData {
  readonly language: string;
  readonly number_format: string;
  readonly time_format: string;
  readonly date_format: string;
  readonly time_zone: string;
}

export interface Connection {
  readonly connected?: boolean;
  addEventListener(name: "ready" | "disconnected", listener: () => void): void;
  removeEventListener(name: "ready" | "disconnected", listener: () => void): void;
  sendMessagePromise(message: object): Promise<unknown>;
  subscribeMessage(
    listener: (event: unknown) => void,
    message: object,
    options: { resubscribe: boolean },
  ): Promise<() => Promise<void>>;
}

export type Localize = (key: string, placeholders?: Record<string, string>) => string;

export interface HomeAssistant {
  readonly connection: Connection;
  readonly states: Readonly<Record<string, HassEntity | undefined>>;
  readonly entities: Readonly<Record<string, EntityRegistryDisplayEntry>>;
  readonly devices: Readonly<Record<string, DeviceRegistryEntry | undefined>>;
  readonly config: { readonly time_zone: string; readonly components: readonly string[] };
  readonly language: string;
  readonly locale: FrontendLocaleData;
  formatEntityState(state: HassEntity): string;
  loadBackendTranslation(category: string, integration: string): Promise<Localize>;
  callService(
    domain: string,
    action: string,
    data: object,
    target: object | undefined,
    notifyOnError: boolean,
    returnResponse: boolean,
  ): Promise<unknown>;
}

/** An error of the websocket API or of the connection. */
export interface HomeAssistantError {
  readonly code?: string | number;
  readonly message?: string;
  readonly translation_domain?: string;
  readonly translation_key?: string;
  readonly translation_placeholders?: Record<string, string>;
}

function failureOf(thrown: unknown): HomeAssistantError {
  const error = (thrown ?? {}) as { error?: HomeAssistantError } & HomeAssistantError;
  return error.error ?? error;
}

/** Return whether an error came from Home Assistant. 3 is the frontend's code for a lost connection. */
const isAnswer = ({ message, code }: HomeAssistantError): boolean =>
  typeof message === "string" && code !== 3;

/** Return whether an action that failed may have been carried out. */
export function isUnclear(thrown: unknown): boolean {
  const failure = failureOf(thrown);
  return !isAnswer(failure) || `${failure.code} ${failure.translation_key}`.includes("unknown");
}

/** Return an error's message, translated if Home Assistant has a translation. */
export async function errorMessage(
  hass: HomeAssistant,
  thrown: unknown,
  fallback: string,
): Promise<string> {
  const failure = failureOf(thrown);
  const { translation_domain: domain, translation_key: key } = failure;
  if (domain && key) {
    const localize = await hass.loadBackendTranslation("exceptions", domain);
    const text = localize(
      `component.${domain}.exceptions.${key}.message`,
      failure.translation_placeholders,
    );
    if (text) return text;
  }
  return isAnswer(failure) ? (failure.message ?? fallback) : fallback;
}
