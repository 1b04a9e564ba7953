/** What the card uses of Home Assistant, in Home Assistant's words. */

export interface State {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface RegistryEntry {
  readonly entity_id: string;
  readonly platform?: string;
  readonly device_id?: string | null;
  readonly translation_key?: string;
}

export interface Device {
  readonly id: string;
  readonly identifiers?: readonly (readonly string[])[];
  readonly name: string | null;
  readonly name_by_user?: string | null;
  readonly via_device_id?: string | null;
  readonly config_entry_id?: string;
  readonly primary_config_entry?: string | null;
  readonly config_entries?: readonly string[];
}

/** How the user's profile wants things written. */
export interface Profile {
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
  readonly states: Readonly<Record<string, State | undefined>>;
  readonly entities: Readonly<Record<string, RegistryEntry>>;
  readonly devices: Readonly<Record<string, Device | undefined>>;
  readonly config: { readonly time_zone: string; readonly components: readonly string[] };
  readonly language: string;
  readonly locale: Profile;
  formatEntityState(state: State): string;
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

/** A failure as the web socket tells it, or as whatever broke on the way. */
export interface Failure {
  readonly code?: string | number;
  readonly message?: string;
  readonly translation_domain?: string;
  readonly translation_key?: string;
  readonly translation_placeholders?: Record<string, string>;
}

/** Ask Home Assistant's page for something of its own: more about an entity, a short message, an action. */
export function askPage(
  from: HTMLElement,
  name: "hass-more-info" | "hass-notification" | "hass-action",
  detail: object,
): void {
  from.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
}

/** Say why something failed, in the user's language where Home Assistant knows the words. */
export async function reasonOf(
  hass: HomeAssistant,
  thrown: unknown,
  otherwise: string,
): Promise<string> {
  const wrapped = (thrown ?? {}) as { error?: Failure } & Failure;
  const failure = wrapped.error ?? wrapped;
  const { translation_domain: domain, translation_key: key } = failure;
  if (domain && key) {
    const localize = await hass.loadBackendTranslation("exceptions", domain);
    const text = localize(
      `component.${domain}.exceptions.${key}.message`,
      failure.translation_placeholders,
    );
    if (text) return text;
  }
  // 3 is the page's own code for a connection that was lost on the way.
  return typeof failure.message === "string" && failure.code !== 3 ? failure.message : otherwise;
}
