/**
 * The Odorik calls card and the dashboard built around it.
 *
 * A plain module: no build step, and nothing is loaded from elsewhere. Home Assistant gives it
 * `hass`, the theme's variables, `ha-card` and `ha-icon`. Whatever comes from outside (names of
 * callers above all) is set as text, never as markup.
 */

const DOMAIN = "odorik";
const CARD = "odorik-calls-card";
const PAGE = 50;
const SEARCH_DELAY = 400; // ms: a pause in typing
const ORDER_PAUSE = 3000; // ms: a second tap in haste orders nothing
const RETRY_DELAYS = [1, 2, 5, 10, 30]; // s: while Home Assistant starts, the command is unknown
const OPTIONS_SHOWN = 6;

const FIGURES = [
  ["balance", "mdi:wallet-outline"],
  ["missed_calls_today", "mdi:phone-missed"],
  ["cost_this_month", "mdi:cash-multiple"],
];
const FILTERS = ["all", "missed", "incoming", "outgoing"];
const HIDEABLE = [...FIGURES.map(([key]) => key), "dial", "history"];
const ICONS = {
  in: "mdi:phone-incoming",
  out: "mdi:phone-outgoing",
  redirected: "mdi:phone-forward",
  missed: "mdi:phone-missed",
  unknown: "mdi:phone",
};

const TEXTS = {
  en: {
    card: "Odorik calls",
    description: "Who is calling, who called, and calling back with one tap.",
    dashboard: "Odorik",
    dashboard_description: "Calls, costs and lines of your Odorik account.",
    balance: "Credit",
    missed_calls_today: "Missed today",
    cost_this_month: "This month",
    now: "Calls now",
    ringing_in: "Incoming call",
    ringing_out: "Calling",
    ringing_redirected: "Redirected call",
    ringing_unknown: "Call",
    call_in: "Incoming call",
    call_out: "Outgoing call",
    call_redirected: "Redirected call",
    call_unknown: "Call",
    call_missed: "Missed call",
    not_answered: "Not answered",
    withheld: "Withheld number",
    hang_up: "Hang up",
    hang_up_call: "Hang up: {who}",
    hang_up_really: "End this call?",
    hanging_up: "Hanging up …",
    cancel: "Cancel",
    dial: "Number or contact",
    call: "Call",
    dial_help: "Call me and connect",
    ring_first: "Ring first",
    ring_first_ask: "Which phone is to ring first?",
    rings_first: "Rings first: {who}",
    line: "Line",
    any_line: "Usual line",
    call_back: "Call back: {who}",
    ordering: "Ordering the call …",
    ordered: "Ordered. First {caller} rings; pick up, and you are connected with {who}.",
    enqueued: "Ordered for later.",
    order_unclear:
      "The connection broke while the call was being ordered. Look whether a phone rings before you order again.",
    history: "Call history",
    all: "All",
    missed: "Missed",
    incoming: "Incoming",
    outgoing: "Outgoing",
    filter: "Show calls",
    search: "Search name or number",
    more: "Show more",
    older: "Search older calls",
    retry: "Try again",
    today: "Today",
    yesterday: "Yesterday",
    number: "Number",
    own_number: "Called number",
    own_number_out: "Shown number",
    started: "Time",
    rang: "Rang for",
    length: "Length",
    price: "Price",
    redirected_to: "Redirected to",
    loading: "Loading …",
    empty: "No calls yet",
    nothing: "No such calls",
    missing: "There is no Odorik account to show.",
    not_loaded: "The account {title} is not running at the moment.",
    forbidden: "You are not allowed to see the calls of this account.",
    lost: "No connection to Home Assistant. What you see may be old.",
    unreachable: "Odorik does not answer. What you see may be old.",
    history_failed: "The call history could not be read.",
    failed: "That did not work.",
    config_entry_id: "Account",
    title: "Title",
    hide: "Hide",
    hide_dial: "Dialling",
    hide_history: "Call history",
    calls_and_minutes: "Minutes",
    cost: "Cost",
    lines: "Lines",
  },
  cs: {
    card: "Hovory Odorik",
    description: "Kdo volá, kdo volal, a zpětné volání jedním klepnutím.",
    dashboard: "Odorik",
    dashboard_description: "Hovory, útrata a linky vašeho účtu Odorik.",
    balance: "Kredit",
    missed_calls_today: "Dnes zmeškané",
    cost_this_month: "Tento měsíc",
    now: "Probíhající hovory",
    ringing_in: "Příchozí hovor",
    ringing_out: "Vytáčí se",
    ringing_redirected: "Přesměrovaný hovor",
    ringing_unknown: "Hovor",
    call_in: "Příchozí hovor",
    call_out: "Odchozí hovor",
    call_redirected: "Přesměrovaný hovor",
    call_unknown: "Hovor",
    call_missed: "Zmeškaný hovor",
    not_answered: "Nepřijato",
    withheld: "Skryté číslo",
    hang_up: "Zavěsit",
    hang_up_call: "Zavěsit: {who}",
    hang_up_really: "Ukončit tento hovor?",
    hanging_up: "Zavěšuje se …",
    cancel: "Zrušit",
    dial: "Číslo nebo kontakt",
    call: "Zavolat",
    dial_help: "Zavolejte mi a spojte mě",
    ring_first: "Nejdřív zazvoní",
    ring_first_ask: "Který telefon má zazvonit jako první?",
    rings_first: "Nejdřív zazvoní: {who}",
    line: "Linka",
    any_line: "Obvyklá linka",
    call_back: "Zavolat zpět: {who}",
    ordering: "Objednává se hovor …",
    ordered: "Objednáno. Nejdřív zazvoní {caller}; zvedněte a budete spojeni: {who}.",
    enqueued: "Objednáno na později.",
    order_unclear:
      "Spojení se přerušilo během objednávání hovoru. Než hovor objednáte znovu, podívejte se, zda už některý telefon nezvoní.",
    history: "Historie hovorů",
    all: "Vše",
    missed: "Zmeškané",
    incoming: "Příchozí",
    outgoing: "Odchozí",
    filter: "Zobrazit hovory",
    search: "Hledat jméno nebo číslo",
    more: "Zobrazit další",
    older: "Hledat ve starších hovorech",
    retry: "Zkusit znovu",
    today: "Dnes",
    yesterday: "Včera",
    number: "Číslo",
    own_number: "Volané číslo",
    own_number_out: "Zobrazené číslo",
    started: "Čas",
    rang: "Zvonilo",
    length: "Délka",
    price: "Cena",
    redirected_to: "Přesměrováno na",
    loading: "Načítá se …",
    empty: "Zatím žádné hovory",
    nothing: "Žádné takové hovory",
    missing: "Není tu žádný účet Odorik, který by šlo zobrazit.",
    not_loaded: "Účet {title} právě neběží.",
    forbidden: "Hovory tohoto účtu nemáte oprávnění vidět.",
    lost: "Není spojení s Home Assistantem. Údaje mohou být zastaralé.",
    unreachable: "Odorik neodpovídá. Údaje mohou být zastaralé.",
    history_failed: "Historii hovorů se nepodařilo načíst.",
    failed: "To se nepovedlo.",
    config_entry_id: "Účet",
    title: "Nadpis",
    hide: "Skrýt",
    hide_dial: "Vytáčení",
    hide_history: "Historie hovorů",
    calls_and_minutes: "Minuty",
    cost: "Útrata",
    lines: "Linky",
  },
};

const STYLE = `
:host { display: block; height: 100%; container-type: inline-size; }
[hidden] { display: none !important; }
ha-card {
  --call: color-mix(in srgb, var(--success-color, #43a047) 62%, black);
  --end: color-mix(in srgb, var(--error-color, #db4437) 82%, black);
  --accent-text: color-mix(in srgb, var(--primary-color) 60%, var(--primary-text-color));
  --missed-text: color-mix(in srgb, var(--error-color, #db4437) 72%, var(--primary-text-color));
  --soft: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
  display: flex; flex-direction: column; gap: 12px; box-sizing: border-box;
  height: 100%; padding: 16px; overflow: auto;
  color: var(--primary-text-color); font-size: var(--ha-font-size-m, 14px); line-height: 1.4;
}
ha-icon { --mdc-icon-size: 22px; flex: none; }
button, input, select { font: inherit; color: inherit; }
button {
  display: inline-flex; align-items: center; justify-content: center; gap: 6px;
  min-height: 40px; padding: 0 14px; border: 0; border-radius: 20px; cursor: pointer;
  background: var(--soft); font-weight: 500; white-space: nowrap;
  transition: background-color 120ms;
}
button:hover:not(:disabled) { background: color-mix(in srgb, var(--primary-text-color) 11%, transparent); }
button:disabled { cursor: default; opacity: 0.5; }
button.call, button.end { color: white; background: var(--call); }
button.end { background: var(--end); }
button.call:hover:not(:disabled) { background: color-mix(in srgb, var(--call) 88%, white); }
button.end:hover:not(:disabled) { background: color-mix(in srgb, var(--end) 88%, white); }
button.round { width: 40px; padding: 0; flex: none; color: var(--accent-text); }
:is(button, input, select):focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
input, select {
  box-sizing: border-box; width: 100%; min-width: 0; height: 40px; padding: 0 12px;
  border: 1px solid transparent; border-radius: 12px; background: var(--soft);
}
select { padding-inline-end: 8px; }
option { color: var(--primary-text-color); background: var(--card-background-color); }
input::placeholder { color: var(--secondary-text-color); opacity: 1; }
ul { margin: 0; padding: 0; list-style: none; }
h2 { margin: 0; font-size: var(--ha-font-size-xl, 20px); font-weight: 400; line-height: 1.2; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.muted { color: var(--secondary-text-color); }
.figure, .clock, .meta, dd { font-variant-numeric: tabular-nums; }

.figures { display: flex; gap: 8px; }
.figure {
  flex: 1 1 0; min-width: 0; min-height: 52px; padding: 6px 10px; gap: 10px; justify-content: flex-start;
  border-radius: 12px; text-align: start;
}
.figure ha-icon { color: var(--accent-text); }
.figure.alert ha-icon, .figure.alert .value { color: var(--missed-text); }
.figure > span { display: flex; flex-direction: column; min-width: 0; }
.figure .label { font-size: 12px; font-weight: 400; color: color-mix(in srgb, var(--secondary-text-color) 70%, var(--primary-text-color)); }
.figure .value { font-size: 16px; line-height: 1.25; }

.notice { display: flex; align-items: center; gap: 12px; padding: 10px 12px; border-radius: 12px; background: var(--soft); }
.notice ha-icon { color: var(--accent-text); }
.said:not(:empty) { padding: 8px 4px 0; overflow-wrap: anywhere; }
.said.bad { color: var(--missed-text); }

.now { display: flex; flex-direction: column; gap: 8px; }
.now li { padding: 12px; border-radius: 12px; background: color-mix(in srgb, var(--success-color, #43a047) 12%, transparent); }
.now li.ringing { background: color-mix(in srgb, var(--primary-color) 14%, transparent); }
.row { display: flex; align-items: center; gap: 12px; }
.row .who { flex: 1; min-width: 0; }
.name { font-weight: 500; }
.now .name { font-size: 16px; }
.now .sub { color: color-mix(in srgb, var(--secondary-text-color) 50%, var(--primary-text-color)); }
.now .meta { text-align: end; }
.clock { font-size: 16px; font-weight: 500; }
.sure { display: flex; align-items: center; flex-wrap: wrap; justify-content: end; padding-top: 10px; gap: 8px; }
.sure > span { flex: 1; }
.disc {
  display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 50%;
  color: var(--accent-text); background: color-mix(in srgb, var(--primary-color) 14%, transparent);
}
.now .disc { color: white; background: var(--call); }
.now .ringing .disc { background: color-mix(in srgb, var(--primary-color) 65%, black); animation: ring 1.6s ease-in-out infinite; }
@keyframes ring {
  0%, 60%, 100% { transform: rotate(0); }
  10%, 30%, 50% { transform: rotate(-11deg); }
  20%, 40% { transform: rotate(11deg); }
}

.field { position: relative; flex: 1; min-width: 0; }
.field > ha-icon { position: absolute; inset-inline-start: 10px; top: 9px; color: var(--secondary-text-color); pointer-events: none; }
.field > ha-icon + input { padding-inline-start: 42px; }
.options {
  position: absolute; z-index: 3; inset-inline: 0; top: 44px; padding: 4px; border-radius: 12px;
  border: 1px solid var(--divider-color); background: var(--card-background-color, var(--primary-background-color));
  box-shadow: 0 4px 16px rgb(0 0 0 / 28%);
}
.options li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; padding: 9px 10px; border-radius: 8px; cursor: pointer; }
.options li:is([aria-selected="true"], :hover) { background: var(--soft); }
.options .muted { flex: none; }
.choices { margin-top: 8px; display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 8px; }
.choices label { display: flex; flex-direction: column; gap: 2px; min-width: 0; }
.choices label > span { padding-inline-start: 4px; font-size: 12px; color: var(--secondary-text-color); }

.tools { display: flex; flex-wrap: wrap; gap: 8px; }
.filters { display: flex; flex: 1 1 auto; border-radius: 20px; background: var(--soft); }
.filters button { flex: 1 1 auto; padding: 0 10px; background: none; font-weight: 400; }
.filters button[aria-pressed="true"] {
  background: color-mix(in srgb, var(--primary-color) 18%, var(--card-background-color)); color: var(--accent-text); font-weight: 500;
}
.tools .field { flex: 1 1 240px; }
.history { display: flex; flex: 1 1 auto; flex-direction: column; gap: 8px; min-height: 220px; }
:host(:not([filled])) .scroll { max-height: 480px; }
.scroll { flex: 1 1 auto; min-height: 0; overflow-y: auto; margin-inline: -8px; padding-inline: 8px; }
.day { padding: 10px 4px 4px; font-size: 12px; font-weight: 500; color: var(--secondary-text-color); }
.entry { display: flex; align-items: center; gap: 4px; }
.entry > button:first-child {
  flex: 1; min-width: 0; min-height: 56px; padding: 6px 4px; gap: 12px; justify-content: flex-start;
  border-radius: 12px; background: none; font-weight: 400; text-align: start;
}
.entry > button:first-child:hover { background: var(--soft); }
.entry .who { flex: 1; min-width: 0; }
.entry .sub { font-size: 13px; color: var(--secondary-text-color); }
.entry .meta { flex: none; text-align: end; }
.missed .disc { color: var(--missed-text); background: color-mix(in srgb, var(--error-color, #db4437) 14%, transparent); }
.missed .name { color: var(--missed-text); }
.unanswered .disc { color: var(--secondary-text-color); background: var(--soft); }
.more { padding: 4px 4px 12px 56px; }
.more dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
.more dt { color: var(--secondary-text-color); }
.more dd { margin: 0; overflow-wrap: anywhere; }
.more form > div:first-child { padding: 4px 0; }
.end-of-list { display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 8px 0; text-align: center; }
.blank { padding: 24px 0; color: var(--secondary-text-color); }
.blank ha-icon { --mdc-icon-size: 40px; display: block; margin-bottom: 8px; opacity: 0.6; }
.bone { height: 40px; margin: 8px 4px; border-radius: 12px; background: var(--soft); animation: breathe 1.6s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: 0.45; } }

@container (width < 560px) {
  .figure ha-icon { display: none; }
  .row > button.end { width: 44px; height: 44px; padding: 0; border-radius: 50%; }
  .row > button.end > span { display: none; }
}
@container (width < 420px) {
  ha-card { padding: 12px; }
  .figure { padding: 6px 8px; }
  .figure .value { font-size: 15px; }
  .filters button { padding: 0 6px; font-size: 13px; }
  .now .row { gap: 8px; }
  .more { padding-inline-start: 4px; }
  .wide { display: none; }
}
@media (prefers-reduced-motion: reduce) {
  *, .disc { animation: none !important; transition: none !important; }
}
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** Make an element: `on…` are listeners, `text` its text, everything else attributes. */
function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

const icon = (name) => el("ha-icon", { icon: name, "aria-hidden": "true" });

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const folded = (text) =>
  text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().trim();

/** Say something of the card's in the user's language. */
function say(language, key, values = {}) {
  const texts = TEXTS[(language || "en").split("-")[0]] ?? TEXTS.en;
  return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const NUMBER_LOCALES = {
  comma_decimal: ["en-US", "en"],
  decimal_comma: ["de", "es", "it"],
  space_comma: ["fr", "sv", "cs"],
  quote_decimal: ["de-CH"],
  none: ["en-US"],
  system: undefined,
};

/** How the user's profile writes times, dates and money. */
class Formats {
  constructor(hass) {
    const { language, number_format, time_format, date_format, time_zone } = hass.locale;
    const timeZone = time_zone === "server" ? hass.config.time_zone : undefined;
    const clock = { hour: "numeric", minute: "2-digit", timeZone };
    if (time_format === "12" || time_format === "24") clock.hourCycle = time_format === "12" ? "h12" : "h23";
    if (time_format === "24") clock.hour = "2-digit";
    const inWords = time_format === "system" ? undefined : language;
    const numbers = number_format in NUMBER_LOCALES ? NUMBER_LOCALES[number_format] : language;
    this.language = language;
    this.order = { DMY: ["day", "month", "year"], MDY: ["month", "day", "year"], YMD: ["year", "month", "day"] }[date_format];
    this.clockFormat = new Intl.DateTimeFormat(inWords, clock);
    this.dayFormat = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone });
    this.dateFormat = new Intl.DateTimeFormat(date_format === "system" ? undefined : language, {
      year: "numeric", month: "numeric", day: "numeric", timeZone,
    });
    this.keyFormat = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
    this.moneyFormat = new Intl.NumberFormat(numbers, {
      style: "currency", currency: "CZK", minimumFractionDigits: 2, maximumFractionDigits: 2,
      useGrouping: number_format !== "none",
    });
  }

  time = (date) => this.clockFormat.format(date);
  money = (amount) => this.moneyFormat.format(amount);
  dayKey = (date) => this.keyFormat.format(date);

  date(date) {
    const parts = this.dateFormat.formatToParts(date);
    if (!this.order) return this.dateFormat.format(date);
    const value = (type) => parts.find((part) => part.type === type).value;
    const between = parts.find((part) => part.type === "literal").value;
    return this.order.map(value).join(between);
  }

  day(date) {
    const key = this.dayKey(date);
    const yesterday = new Date();
    yesterday.setDate(yesterday.getDate() - 1);
    if (key === this.dayKey(new Date())) return say(this.language, "today");
    if (key === this.dayKey(yesterday)) return say(this.language, "yesterday");
    const text = this.dayFormat.format(date);
    return text.charAt(0).toLocaleUpperCase(this.language) + text.slice(1);
  }

  length(seconds) {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const pad = (part) => String(part).padStart(2, "0");
    const rest = pad(Math.floor(seconds) % 60);
    return hours ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
  }
}

/** A field for a number or a name, with suggestions while typing (an ARIA combobox). */
class NumberField {
  static #count = 0;

  constructor(label, suggestions, withIcon = false) {
    const id = `options-${(NumberField.#count += 1)}`;
    this.suggestions = suggestions;
    this.input = el("input", {
      type: "text", inputmode: "tel", autocomplete: "off", spellcheck: "false", enterkeyhint: "go",
      placeholder: withIcon ? label : null, role: "combobox", "aria-label": label, "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": id,
      oninput: () => this.#typed(), onfocus: () => this.#open(), onblur: () => this.#close(),
      onkeydown: (event) => this.#pressed(event),
    });
    // Not inputmode "tel" alone: names are typed here too.
    if (withIcon) this.input.setAttribute("inputmode", "text");
    this.list = el("ul", { id, class: "options", role: "listbox", "aria-label": label, hidden: true });
    this.element = el("div", { class: "field" }, withIcon ? icon("mdi:dialpad") : null, this.input, this.list);
  }

  /** What to dial: of the suggestion that was picked or is named, else what was typed. */
  get number() {
    const typed = this.input.value.trim();
    const named = this.suggestions().filter((one) => folded(one.name ?? "") === folded(typed));
    return this.picked?.number ?? (typed && named.length === 1 ? named[0].number : typed);
  }

  get who() {
    return this.input.value.trim();
  }

  set(suggestion) {
    this.picked = suggestion;
    this.input.value = suggestion ? (suggestion.name ?? suggestion.formatted) : "";
    this.#close();
    this.input.dispatchEvent(new Event("change"));
  }

  #typed() {
    this.picked = undefined;
    this.#open();
  }

  #open() {
    const wanted = folded(this.input.value);
    const digits = wanted.replace(/[\s+]/g, "").replace(/^00/, "");
    const isNumber = /^[\d*]+$/.test(digits);
    this.found = this.picked ? [] : this.suggestions()
      .filter((one) => folded(one.name ?? "").includes(wanted) || (isNumber && one.number.includes(digits)))
      .slice(0, OPTIONS_SHOWN);
    this.list.replaceChildren(...this.found.map((one, place) =>
      el("li", {
        id: `${this.list.id}-${place}`, role: "option", "aria-selected": "false",
        // The field keeps the focus, or its list would close before the click.
        onpointerdown: (event) => event.preventDefault(), onclick: () => this.set(one),
      }, el("span", { class: "cut", text: one.name ?? one.formatted }),
      one.name ? el("span", { class: "muted", text: one.formatted }) : null)));
    this.#activate(-1);
    this.#expand(this.found.length > 0);
  }

  #close() {
    this.#expand(false);
  }

  #expand(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.#activate(-1);
  }

  #activate(place) {
    this.active = place;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    if (place < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", this.list.children[place].id);
  }

  #pressed(event) {
    const count = this.list.hidden ? 0 : this.found.length;
    if (event.key === "Escape" && count) this.#close();
    else if (event.key === "ArrowDown" && count) this.#activate((this.active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.#activate((this.active + count - (this.active < 0 ? 0 : 1)) % count);
    else if (event.key === "Enter" && count && this.active >= 0) this.set(this.found[this.active]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

class OdorikCallsCard extends HTMLElement {
  #config = {};
  #hass;
  #connection;
  #unsubscribe;
  #isWatching = false;
  #isInView = false;
  #isConnected = true;
  #attempt = 0;
  #retry;
  #observer = new IntersectionObserver((seen) => {
    this.#isInView = seen.at(-1).isIntersecting;
    this.#watch();
  });
  #watch = () => {
    const isWanted = this.isConnected && this.#isInView && !document.hidden && Boolean(this.#hass);
    if (isWanted === this.#isWatching) return;
    this.#isWatching = isWanted;
    if (isWanted) this.#subscribe();
    else this.#leave();
    this.#runClock();
  };
  #ready = () => {
    this.#isConnected = true;
    this.#historyPlace = undefined;
    if (this.#isWatching) this.#subscribe();
    this.#showState();
  };
  #disconnected = () => {
    this.#isConnected = false;
    this.#unsubscribe = undefined;
    this.#showState();
  };

  #account;
  #isReachable = true;
  #calls = new Map(); // active_call_id -> what is shown of it
  #skew = 0; // ms that the server's clock is ahead of this one
  #clock;
  #rows = []; // the history as it is shown, newest first
  #entries = new Map(); // key of a row -> its element
  #before = null;
  #show = "all";
  #search = "";
  #historyPlace;
  #reading = 0;
  #searching;
  #parts;
  #figures = {};
  #formats;
  #lastCaller;

  static getStubConfig() {
    return {};
  }

  static getConfigForm() {
    const language = document.documentElement.lang;
    const label = (key) => say(language, TEXTS.en[`hide_${key}`] ? `hide_${key}` : key);
    return {
      schema: [
        { name: "title", selector: { text: {} } },
        { name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } },
        {
          name: "hide",
          selector: { select: { multiple: true, mode: "list", options: HIDEABLE.map((key) => ({ value: key, label: label(key) })) } },
        },
      ],
      computeLabel: (schema) => say(language, schema.name),
    };
  }

  setConfig(config) {
    const hide = config.hide ?? [];
    if (!Array.isArray(hide) || hide.some((key) => !HIDEABLE.includes(key))) {
      throw new Error(`hide: a list of ${HIDEABLE.join(", ")}`);
    }
    const isOther = this.#config.config_entry_id !== config.config_entry_id;
    this.#config = { ...config, hide };
    if (isOther && this.#isWatching) {
      this.#leave();
      this.#forget();
      this.#subscribe();
    }
    if (this.#hass) this.#build();
  }

  set hass(hass) {
    const before = this.#hass;
    this.#hass = hass;
    if (hass.connection !== this.#connection) this.#connect(hass.connection);
    if (!before || before.locale !== hass.locale || before.config?.time_zone !== hass.config?.time_zone) this.#build();
    else if (before.states !== hass.states) this.#showFigures();
    if (!before) this.#watch();
  }

  /** Where the card's height is not given, as in a masonry view, the list keeps to a part of the screen. */
  set layout(layout) {
    const isGiven = ["grid", "panel"].includes(layout) && this.#config.grid_options?.rows !== "auto";
    this.toggleAttribute("filled", isGiven);
  }

  getCardSize() {
    return 10;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: 10, min_rows: 5 };
  }

  connectedCallback() {
    this.#observer.observe(this);
    document.addEventListener("visibilitychange", this.#watch);
    if (this.#hass) this.#connect(this.#hass.connection);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#watch);
    this.#isInView = false;
    this.#watch();
    this.#connect(undefined);
  }

  // --- what comes from Home Assistant -------------------------------------------------------

  #connect(connection) {
    if (connection === this.#connection) return;
    this.#connection?.removeEventListener("ready", this.#ready);
    this.#connection?.removeEventListener("disconnected", this.#disconnected);
    this.#connection = connection;
    connection?.addEventListener("ready", this.#ready);
    connection?.addEventListener("disconnected", this.#disconnected);
    if (connection) this.#isConnected = connection.connected !== false;
  }

  async #subscribe() {
    this.#leave();
    const message = { type: `${DOMAIN}/subscribe` };
    if (this.#config.config_entry_id) message.config_entry_id = this.#config.config_entry_id;
    let isWanted = true;
    let unsubscribe;
    this.#unsubscribe = () => {
      isWanted = false;
      // Where the connection is gone, there is nothing left to end.
      unsubscribe?.().catch(() => {});
    };
    const mine = this.#unsubscribe;
    try {
      // Not renewed by the connection itself: after a restart the command comes a little later.
      unsubscribe = await this.#hass.connection.subscribeMessage(
        (event) => isWanted && this.#receive(event), message, { resubscribe: false },
      );
      this.#attempt = 0;
      if (!isWanted) unsubscribe().catch(() => {});
    } catch {
      if (!isWanted || this.#unsubscribe !== mine) return;
      const delay = RETRY_DELAYS[Math.min(this.#attempt, RETRY_DELAYS.length - 1)];
      this.#attempt += 1;
      this.#retry = setTimeout(() => this.#isWatching && this.#isConnected && this.#subscribe(), delay * 1000);
    }
  }

  #leave() {
    clearTimeout(this.#retry);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #forget() {
    this.#account = undefined;
    this.#historyPlace = undefined;
    this.#calls.clear();
    this.#rows = [];
  }

  #receive(event) {
    if (event.account) {
      const before = this.#account;
      this.#account = event.account;
      if (before?.config_entry_id !== event.account.config_entry_id) this.#rows = [];
      if (event.account.state !== "loaded") this.#calls.clear();
      this.#build();
      if (event.account.state === "loaded" && this.#historyPlace !== event.account.place) {
        this.#historyPlace = event.account.place;
        this.#read();
      }
    }
    if (event.calls) {
      this.#skew = Date.parse(event.now) - Date.now();
      this.#showCalls(event.calls);
      if (this.#isReachable !== event.is_reachable) {
        this.#isReachable = event.is_reachable;
        this.#showState();
      }
    }
    if (event.recorded) {
      this.#historyPlace = event.recorded.call_id ?? this.#historyPlace;
      this.#record(event.recorded);
    }
  }

  /** The text for a failure, in the user's language where Home Assistant knows it. */
  async #reason(failure, otherwise) {
    const error = failure?.error ?? failure ?? {};
    if (error.translation_key && error.translation_domain) {
      const localize = await this.#hass.loadBackendTranslation("exceptions", error.translation_domain);
      const key = `component.${error.translation_domain}.exceptions.${error.translation_key}.message`;
      const text = localize(key, error.translation_placeholders);
      if (text) return text;
    }
    return typeof error.message === "string" && error.code !== 3 ? error.message : otherwise;
  }

  // --- the frame ----------------------------------------------------------------------------

  #say(key, values) {
    return say(this.#hass.locale.language, key, values);
  }

  get #mayOrder() {
    return Boolean(this.#account?.may_control);
  }

  /** Build the card anew: for the first time, in another language, for another account. */
  #build() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    this.#formats = new Formats(this.#hass);
    // A new record is no reason to build anew: somebody may be typing.
    const shown = JSON.stringify([this.#config, this.#hass.locale, this.#account], (key, value) => (key === "place" ? undefined : value));
    if (this.#parts?.shown === shown) return;
    const { hide, title } = this.#config;
    const parts = (this.#parts = { shown });
    const draft = this.#dial?.input.value && this.#dial;
    parts.alert = el("div", { class: "sr", role: "alert" });
    // Made at once: without a connection the icon could not be fetched any more.
    parts.notice = el("div", { class: "notice", role: "status", hidden: true }, icon("mdi:phone-off"), el("span"));
    parts.figures = el("div", { class: "figures" });
    parts.now = el("ul", { class: "now", "aria-label": this.#say("now") });
    parts.dial = hide.includes("dial") || !this.#mayOrder ? el("div", { hidden: true }) : this.#buildDial(draft);
    parts.history = this.#buildHistory();
    parts.history.hidden = hide.includes("history");
    parts.card = el(
      "ha-card", {}, title ? el("h2", { text: title }) : null,
      parts.alert, parts.notice, parts.figures, parts.now, parts.dial, parts.history,
    );
    root.replaceChildren(parts.card);
    this.#figures = {};
    this.#entries.clear();
    const calls = [...this.#calls.values()].map(({ call }) => call);
    this.#calls.clear();
    this.#showFigures();
    this.#showCalls(calls);
    this.#showRows();
    this.#showState();
  }

  #showState() {
    const parts = this.#parts;
    if (!parts) return;
    const state = this.#account?.state;
    let problem;
    if (!this.#isConnected) problem = "lost";
    else if (state && state !== "loaded") problem = state;
    else if (state === "loaded" && !this.#isReachable) problem = "unreachable";
    parts.notice.hidden = !problem;
    setText(parts.notice.lastElementChild, problem ? this.#say(problem, { title: this.#account?.title }) : "");
    const isShown = state === undefined || state === "loaded";
    for (const part of [parts.figures, parts.now, parts.dial]) part.classList.toggle("sr", !isShown);
    parts.figures.hidden = !isShown || !parts.figures.childElementCount;
    parts.now.hidden = !isShown || !this.#calls.size;
    parts.dial.hidden = !isShown || this.#config.hide.includes("dial") || !this.#mayOrder;
    parts.history.hidden = !isShown || this.#config.hide.includes("history");
    parts.card.setAttribute("aria-busy", String(state === undefined));
    for (const button of parts.card.querySelectorAll("button.order")) button.disabled = !this.#isConnected;
  }

  #showFigures() {
    const states = this.#hass.states;
    for (const [key, name] of FIGURES) {
      const entityId = this.#account?.figures?.[key];
      const state = entityId && states[entityId];
      const shown = this.#figures[key];
      if (shown?.state === state || this.#config.hide.includes(key)) continue;
      if (!state) {
        shown.element.remove();
        delete this.#figures[key];
        continue;
      }
      const figure = shown ?? this.#buildFigure(key, name, entityId);
      figure.state = state;
      setText(figure.value, this.#hass.formatEntityState(state));
      figure.element.classList.toggle("alert", key === "missed_calls_today" && Number(state.state) > 0);
    }
    if (this.#parts) this.#parts.figures.hidden = !this.#parts.figures.childElementCount;
  }

  #buildFigure(key, name, entityId) {
    const value = el("span", { class: "value cut" });
    const element = el(
      "button", { class: "figure", type: "button", onclick: () => this.#moreInfo(entityId) },
      icon(name), el("span", {}, el("span", { class: "label cut", text: this.#say(key) }), value),
    );
    const later = FIGURES.slice(FIGURES.findIndex(([one]) => one === key) + 1).map(([one]) => this.#figures[one]?.element);
    this.#parts.figures.insertBefore(element, later.find(Boolean) ?? null);
    return (this.#figures[key] = { element, value });
  }

  #moreInfo(entityId) {
    this.dispatchEvent(new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail: { entityId } }));
  }

  // --- now ----------------------------------------------------------------------------------

  #who(call) {
    return call.name ?? call.formatted ?? this.#say("withheld");
  }

  #showCalls(calls) {
    const ids = new Set(calls.map((call) => call.active_call_id));
    for (const [id, shown] of this.#calls) {
      if (!ids.has(id)) {
        shown.element?.remove();
        this.#calls.delete(id);
      }
    }
    for (const call of calls) {
      const shown = this.#calls.get(call.active_call_id) ?? this.#buildCall(call);
      const wasRinging = shown.call && !shown.call.answered_at;
      shown.call = call;
      this.#showCall(shown);
      if (!call.answered_at && wasRinging === undefined) {
        setText(this.#parts.alert, `${this.#say(`ringing_${call.direction}`)}: ${this.#who(call)}`);
      }
    }
    if (!calls.length) setText(this.#parts.alert, "");
    this.#parts.now.hidden = !calls.length;
    this.#runClock();
  }

  #buildCall(call) {
    const shown = {
      icon: icon(ICONS.unknown),
      name: el("div", { class: "name cut" }),
      sub: el("div", { class: "sub" }),
      number: el("div", { class: "sub cut" }),
      clock: el("div", { class: "clock", role: "timer" }),
      price: el("div", { class: "sub" }),
      said: el("div", { class: "said bad", role: "status" }),
    };
    shown.end = el(
      "button", { class: "end order", type: "button", onclick: () => this.#askToEnd(shown) },
      icon("mdi:phone-hangup"), el("span", { text: this.#say("hang_up") }),
    );
    shown.end.disabled = !this.#isConnected;
    shown.sure = el("div", { class: "sure", hidden: true });
    shown.element = el(
      "li", {},
      el("div", { class: "row" }, el("div", { class: "disc" }, shown.icon),
        el("div", { class: "who" }, shown.name, shown.sub, shown.number), el("div", { class: "meta" }, shown.clock, shown.price),
        this.#mayOrder ? shown.end : null),
      shown.sure, shown.said,
    );
    this.#calls.set(call.active_call_id, shown);
    this.#parts.now.append(shown.element);
    return shown;
  }

  #showCall(shown) {
    const { call } = shown;
    const isRinging = !call.answered_at;
    const line = call.line_name ?? call.line;
    shown.element.classList.toggle("ringing", isRinging);
    const name = isRinging && call.direction !== "out" ? "mdi:phone-ring" : isRinging ? ICONS.out : "mdi:phone-in-talk";
    if (shown.icon.getAttribute("icon") !== name) shown.icon.setAttribute("icon", name);
    setText(shown.name, this.#who(call));
    const state = this.#say(`${isRinging ? "ringing" : "call"}_${call.direction}`);
    setText(shown.sub, [state, line].filter(Boolean).join(" · "));
    setText(shown.number, call.name ? call.formatted : "");
    shown.end.setAttribute("aria-label", this.#say("hang_up_call", { who: this.#who(call) }));
    this.#tick(shown);
  }

  #tick({ call, clock, price }) {
    const since = Date.parse(call.answered_at ?? call.started_at);
    const seconds = Number.isNaN(since) ? 0 : Math.max(0, (Date.now() + this.#skew - since) / 1000);
    setText(clock, this.#formats.length(seconds));
    const isPaid = call.answered_at && call.price_per_minute > 0;
    setText(price, isPaid ? this.#formats.money((call.price_per_minute * seconds) / 60) : "");
  }

  #runClock() {
    const isNeeded = this.#isWatching && this.#calls.size > 0;
    if (isNeeded && !this.#clock) {
      this.#clock = setInterval(() => this.#calls.forEach((shown) => this.#tick(shown)), 1000);
    } else if (!isNeeded) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  #askToEnd(shown) {
    const close = () => {
      shown.sure.hidden = true;
      shown.end.hidden = false;
      shown.end.focus();
    };
    const end = el(
      "button", { class: "end order", type: "button", onclick: () => this.#hangUp(shown, [end, cancel]) },
      el("span", { text: this.#say("hang_up") }),
    );
    const cancel = el("button", { type: "button", text: this.#say("cancel"), onclick: close });
    shown.said.textContent = "";
    shown.sure.onkeydown = (event) => event.key === "Escape" && !end.disabled && close();
    shown.sure.replaceChildren(el("span", { text: this.#say("hang_up_really") }), cancel, end);
    shown.sure.hidden = false;
    shown.end.hidden = true;
    end.focus();
  }

  async #hangUp(shown, buttons) {
    buttons.forEach((button) => (button.disabled = true));
    setText(buttons[0].firstElementChild, this.#say("hanging_up"));
    try {
      await this.#act("hangup", { active_call_id: shown.call.active_call_id });
      // The card goes when the exchange says that the call is over.
    } catch (failure) {
      shown.sure.hidden = true;
      shown.end.hidden = false;
      setText(shown.said, await this.#reason(failure, this.#say("failed")));
      shown.end.focus();
    }
  }

  #act(action, data) {
    const all = { config_entry_id: this.#account.config_entry_id, ...data };
    return this.#hass.callService(DOMAIN, action, all, undefined, false, true);
  }

  // --- dialling -----------------------------------------------------------------------------

  #dial;

  #contacts = () => this.#account?.contacts ?? [];

  #phones = () => [
    ...(this.#account?.lines ?? []).map(({ line, name }) => ({ number: String(line), name, formatted: String(line) })),
    ...this.#contacts(),
  ];

  #buildDial(draft) {
    const field = (this.#dial = new NumberField(this.#say("dial"), this.#contacts, true));
    if (draft) {
      field.input.value = draft.input.value;
      field.picked = draft.picked;
    }
    const caller = this.#callerField();
    const { lines } = this.#account;
    const line = el(
      "select", {}, el("option", { value: "", text: this.#say("any_line") }),
      ...lines.map((one) => el("option", { value: one.line, text: one.name ?? one.line })),
    );
    const choices = el(
      "div", { class: "choices", hidden: true },
      caller && el("label", {}, el("span", { text: this.#say("ring_first") }), caller.element),
      lines.length > 1 ? el("label", {}, el("span", { text: this.#say("line") }), line) : null,
    );
    const said = el("div", { class: "said", role: "status" });
    const known = this.#account.caller;
    const hint = known ? el("div", { class: "said muted", hidden: true, text: this.#say("rings_first", { who: known.name ?? known.number }) }) : null;
    const button = this.#callButton();
    const form = el("form", {
      "aria-label": this.#say("dial_help"),
      onsubmit: async (event) => {
        event.preventDefault();
        if (!field.number || button.disabled) return;
        const order = { recipient: field.number };
        if (line.value) order.line = Number(line.value);
        if (await this.#order(order, field.who, caller, button, said)) field.set(undefined);
      },
    }, el("div", { class: "row" }, field.element, button), choices, hint, said);
    const open = () => {
      choices.hidden = !field.who;
      if (hint) hint.hidden = !field.who;
      if (field.who) said.textContent = "";
    };
    field.input.addEventListener("input", open);
    field.input.addEventListener("change", open);
    open();
    return form;
  }

  #callButton() {
    const button = el(
      "button", { class: "call order", type: "submit", title: this.#say("dial_help") },
      icon("mdi:phone"), el("span", { text: this.#say("call") }),
    );
    button.disabled = !this.#isConnected;
    return button;
  }

  /** Ask whom to ring first, unless the account's options say it. */
  #callerField() {
    if (this.#account.caller) return undefined;
    const field = new NumberField(this.#say("ring_first"), this.#phones);
    if (this.#lastCaller) field.set(this.#lastCaller);
    return field;
  }

  /** Order one call and say what came of it; it is never ordered again by itself. */
  async #order(order, who, callerField, button, said) {
    const first = callerField?.number;
    if (callerField && !first) {
      setText(said, this.#say("ring_first_ask"));
      callerField.input.focus();
      return false;
    }
    if (first) order.caller = first;
    const caller = callerField ? callerField.who : (this.#account.caller.name ?? this.#account.caller.number);
    button.disabled = true;
    said.classList.remove("bad");
    setText(said, this.#say("ordering"));
    try {
      const { response } = await this.#act("callback", order);
      if (callerField) this.#lastCaller = { number: first, name: caller, formatted: first };
      setText(said, this.#say(response?.status === "enqueued" ? "enqueued" : "ordered", { caller, who }));
      return true;
    } catch (failure) {
      said.classList.add("bad");
      setText(said, await this.#reason(failure, this.#say("order_unclear")));
      return false;
    } finally {
      setTimeout(() => (button.disabled = !this.#isConnected), ORDER_PAUSE);
    }
  }

  // --- history ------------------------------------------------------------------------------

  #buildHistory() {
    const parts = this.#parts;
    parts.filters = FILTERS.map((name) =>
      el("button", {
        type: "button", "aria-pressed": String(name === this.#show), text: this.#say(name),
        onclick: () => {
          this.#show = name;
          parts.filters.forEach((one, at) => one.setAttribute("aria-pressed", String(FILTERS[at] === name)));
          this.#read();
        },
      }));
    const search = el("input", {
      type: "search", placeholder: this.#say("search"), "aria-label": this.#say("search"), value: this.#search,
      oninput: () => {
        clearTimeout(this.#searching);
        this.#searching = setTimeout(() => {
          if (this.#search === search.value.trim()) return;
          this.#search = search.value.trim();
          this.#read();
        }, SEARCH_DELAY);
      },
    });
    parts.list = el("ul", { "aria-label": this.#say("history") });
    parts.foot = el("div", { class: "end-of-list", role: "status" });
    parts.scroll = el("div", { class: "scroll" }, parts.list, parts.foot);
    return el(
      "div", { class: "history" },
      el("div", { class: "tools" },
        el("div", { class: "filters", role: "group", "aria-label": this.#say("filter") }, ...parts.filters),
        el("div", { class: "field" }, icon("mdi:magnify"), search)),
      parts.scroll,
    );
  }

  /** Read the first page, or the one that follows what is shown. */
  async #read(isMore = false) {
    if (this.#config.hide.includes("history") || this.#account?.state !== "loaded") return;
    const reading = (this.#reading += 1);
    const message = { type: `${DOMAIN}/history`, config_entry_id: this.#account.config_entry_id, show: this.#show, limit: PAGE };
    if (this.#search) message.search = this.#search;
    if (isMore) message.before = this.#before;
    this.#foot("loading");
    try {
      const page = await this.#hass.connection.sendMessagePromise(message);
      if (reading !== this.#reading) return;
      this.#rows = isMore ? [...this.#rows, ...page.calls] : page.calls;
      this.#before = page.before;
      if (!isMore) this.#parts.scroll.scrollTop = 0;
      this.#showRows();
      this.#foot();
    } catch (failure) {
      if (reading === this.#reading) this.#foot("failed", isMore, await this.#reason(failure, this.#say("history_failed")));
    }
  }

  #foot(state, isMore, reason) {
    const { foot } = this.#parts;
    const button = (text, more) => el("button", { type: "button", text: this.#say(text), onclick: () => this.#read(more) });
    if (state === "loading") {
      const bones = this.#rows.length ? [] : [1, 2, 3].map(() => el("div", { class: "bone", style: "align-self: stretch" }));
      foot.replaceChildren(...bones, el("span", { class: this.#rows.length ? "muted" : "sr", text: this.#say("loading") }));
    } else if (state === "failed") {
      foot.replaceChildren(el("span", { class: "said bad", text: reason }), button("retry", isMore));
    } else {
      const isFound = this.#rows.length > 0;
      const isAll = this.#show === "all" && !this.#search;
      foot.replaceChildren(
        ...(isFound ? [] : [el("div", { class: "blank" }, icon("mdi:phone-log"), this.#say(isAll ? "empty" : "nothing"))]),
        ...(this.#before ? [button(this.#search ? "older" : "more", true)] : []),
      );
    }
  }

  /** Put a call that has just been recorded where it belongs; nobody has to be asked for it. */
  #record(call) {
    if (this.#search) {
      this.#read();
      return;
    }
    const kind = this.#kind(call);
    const fits = { all: true, missed: kind === "missed", incoming: call.direction !== "out", outgoing: call.direction === "out" };
    this.#rows = this.#rows.filter((row) => row.call_id !== call.call_id || row.call_id === null);
    if (fits[this.#show]) {
      const place = this.#rows.findIndex((row) => row.started_at <= call.started_at);
      this.#rows.splice(place < 0 ? this.#rows.length : place, 0, call);
    }
    this.#showRows();
    if (this.#rows.length) this.#parts.foot.querySelector(".blank")?.remove();
  }

  #kind(call) {
    if (call.direction !== "out" && call.status === "missed") return "missed";
    return call.redirected_to ? "redirected" : call.direction;
  }

  /** Bring the list in line with the rows: what is there already is only moved. */
  #showRows() {
    if (!this.#parts) return;
    if (!this.#account) this.#foot("loading");
    const wanted = new Map();
    let day;
    for (const row of this.#rows) {
      const date = new Date(row.started_at);
      const key = this.#formats.dayKey(date);
      if (key !== day) {
        const text = this.#formats.day(date);
        wanted.set(key, this.#entries.get(key) ?? el("li", { class: "day" }));
        setText(wanted.get(key), text);
        day = key;
      }
      const id = `${row.call_id ?? `${row.started_at} ${row.number}`} ${row.status} ${row.price} ${row.name}`;
      wanted.set(id, this.#entries.get(id) ?? this.#buildRow(row));
    }
    for (const [key, entry] of this.#entries) if (!wanted.has(key)) entry.remove();
    let next = this.#parts.list.firstElementChild;
    for (const entry of wanted.values()) {
      if (entry === next) next = next.nextElementSibling;
      else this.#parts.list.insertBefore(entry, next);
    }
    this.#entries = wanted;
  }

  #buildRow(call) {
    const kind = this.#kind(call);
    const who = this.#who(call);
    const isAnswered = call.status === "answered";
    const line = call.line_name ?? call.line;
    const when = this.#formats.time(new Date(call.started_at));
    const more = el("div", { class: "more", hidden: true });
    const details = el("dl", { hidden: true });
    const said = el("div", { class: "said", role: "status" });
    more.append(details, said);
    const main = el(
      "button", {
        type: "button", "aria-expanded": "false",
        onclick: () => {
          if (!details.childElementCount) details.append(...this.#details(call));
          details.hidden = !details.hidden;
          more.hidden = details.hidden && !said.textContent && !more.querySelector("form");
          main.setAttribute("aria-expanded", String(!details.hidden));
        },
      },
      el("span", { class: "disc" }, icon(ICONS[kind])),
      el("span", { class: "who" },
        el("span", { class: "sr", text: `${this.#say(`call_${kind}`)}: ` }),
        el("div", { class: "name cut", text: who }),
        el("div", { class: "sub cut" }, [when, line].filter(Boolean).join(" · "),
          call.name ? el("span", { class: "wide", text: ` · ${call.formatted}` }) : null)),
      el("span", { class: "meta" },
        el("div", { text: isAnswered ? this.#formats.length(call.duration ?? 0) : "" }),
        el("div", { class: "sub", text: call.price > 0 ? this.#formats.money(call.price) : "" })),
    );
    const back = call.number && this.#mayOrder ? el(
      "button", { class: "round order", type: "button", "aria-label": this.#say("call_back", { who }), title: this.#say("call_back", { who }) },
      icon("mdi:phone"),
    ) : null;
    if (back) {
      back.disabled = !this.#isConnected;
      back.addEventListener("click", () => this.#callBack(call, back, more, said));
    }
    const classes = kind === "missed" ? "missed" : isAnswered ? "" : "unanswered";
    return el("li", { class: classes }, el("div", { class: "entry" }, main, back), more);
  }

  #details(call) {
    const start = new Date(call.started_at);
    const kind = this.#kind(call);
    const status = call.status === "missed" && kind !== "missed" ? ` · ${this.#say("not_answered")}` : "";
    const rows = [
      [`call_${kind}`, `${this.#formats.date(start)} ${this.#formats.time(start)}${status}`],
      ["number", call.formatted ?? this.#say("withheld")],
      [call.direction === "out" ? "own_number_out" : "own_number", call.own_formatted],
      ["line", [call.line_name, call.line].filter(Boolean).join(" · ")],
      ["redirected_to", call.redirected_to],
      ["rang", call.ringing_duration == null ? "" : this.#formats.length(call.ringing_duration)],
      ["length", call.status === "answered" ? this.#formats.length(call.duration ?? 0) : ""],
      ["price", call.price == null ? "" : this.#formats.money(call.price)],
    ];
    return rows.filter(([, text]) => text).flatMap(([key, text]) => [el("dt", { text: this.#say(key) }), el("dd", { text })]);
  }

  async #callBack(call, button, more, said) {
    const order = () => ({ recipient: call.number });
    more.hidden = false;
    if (this.#account.caller) {
      await this.#order(order(), this.#who(call), undefined, button, said);
      return;
    }
    const open = more.querySelector("form");
    if (open) {
      open.remove();
      more.hidden = !said.textContent && more.firstElementChild.hidden;
      return;
    }
    const caller = this.#callerField();
    const submit = this.#callButton();
    const form = el("form", {
      "aria-label": this.#say("call_back", { who: this.#who(call) }),
      onsubmit: async (event) => {
        event.preventDefault();
        if (!submit.disabled && (await this.#order(order(), this.#who(call), caller, submit, said))) {
          form.remove();
          button.focus();
        }
      },
    }, el("div", { text: this.#say("ring_first_ask") }), el("div", { class: "row" }, caller.element, submit));
    more.insertBefore(form, said);
    said.textContent = "";
    caller.input.focus();
  }
}

// --- the dashboard --------------------------------------------------------------------------

const ownerOf = (device) => device?.config_entry_id ?? device?.primary_config_entry ?? device?.config_entries?.[0];

/** The entities of each account: of itself and, by device, of its lines. */
function accountsOf(hass) {
  const accounts = new Map();
  for (const entity of Object.values(hass.entities)) {
    if (entity.platform !== DOMAIN || !entity.device_id || !hass.states[entity.entity_id]) continue;
    const device = hass.devices[entity.device_id];
    if (!device) continue;
    const id = ownerOf(device);
    if (!accounts.has(id)) accounts.set(id, { id, own: {}, lines: new Map() });
    const account = accounts.get(id);
    if (device.via_device_id) {
      if (!account.lines.has(device.id)) account.lines.set(device.id, { device, own: {} });
      account.lines.get(device.id).own[entity.translation_key] = entity.entity_id;
    } else {
      account.title = device.name_by_user ?? device.name;
      account.own[entity.translation_key] = entity.entity_id;
    }
  }
  return [...accounts.values()];
}

function graph(title, entities, unit) {
  return {
    type: "statistics-graph", title, entities, unit, chart_type: "bar", period: "day", days_to_show: 30,
    stat_types: ["change"], hide_legend: entities.length < 2, grid_options: { columns: "full" },
  };
}

function viewOf(account, hass, isOnly) {
  const language = hass.locale?.language ?? hass.language;
  const text = (key) => say(language, key);
  const card = { type: `custom:${CARD}`, grid_options: { columns: 12, rows: 12 } };
  if (!isOnly) card.config_entry_id = account.id;
  const minutes = ["incoming_duration_this_month", "outgoing_duration_this_month"].map((key) => account.own[key]).filter(Boolean);
  const graphs = [];
  if (hass.config.components.includes("recorder")) {
    if (account.own.cost_this_month) graphs.push(graph(text("cost"), [account.own.cost_this_month]));
    if (minutes.length) graphs.push(graph(text("calls_and_minutes"), minutes));
  }
  const lines = [...account.lines.values()]
    .map(({ device, own }) => ({ type: "tile", color: "green", entity: own.registered ?? own.active_calls, name: device.name_by_user ?? device.name }))
    .filter(({ entity }) => entity)
    .sort((one, other) => one.name.localeCompare(other.name, language));
  const sections = [[card], graphs, lines.length ? [{ type: "heading", heading: text("lines"), icon: "mdi:phone-classic" }, ...lines] : []];
  return {
    type: "sections", title: isOnly ? text("dashboard") : account.title, max_columns: 3,
    sections: sections.filter((cards) => cards.length).map((cards) => ({ type: "grid", cards })),
  };
}

class OdorikDashboard extends HTMLElement {
  static noEditor = true;

  static async generate(_config, hass) {
    const accounts = accountsOf(hass);
    if (!accounts.length) return { views: [{ type: "sections", title: say(hass.language, "dashboard"), sections: [{ type: "grid", cards: [{ type: `custom:${CARD}` }] }] }] };
    return { views: accounts.map((account) => viewOf(account, hass, accounts.length === 1)) };
  }

  static getCreateSuggestions(hass) {
    return { title: say(hass.language, "dashboard"), icon: "mdi:phone" };
  }
}

if (!customElements.get(CARD)) {
  // The page learns the user's language after it has loaded this module, so the texts wait until they are read.
  const text = (key) => say(document.documentElement.lang, key);
  const documentationURL = "https://github.com/odorik-homeassistant/odorik";
  customElements.define(CARD, OdorikCallsCard);
  customElements.define(`ll-strategy-dashboard-${DOMAIN}`, OdorikDashboard);
  window.customCards = window.customCards || [];
  window.customCards.push({
    type: CARD, documentationURL, preview: true,
    get name() { return text("card"); },
    get description() { return text("description"); },
    getEntitySuggestion: (hass, entityId) => {
      const entity = hass.entities[entityId];
      if (entity?.platform !== DOMAIN) return null;
      const owners = new Set(accountsOf(hass).map(({ id }) => id));
      const account = owners.size > 1 ? { config_entry_id: ownerOf(hass.devices[entity.device_id]) } : {};
      return { config: { type: `custom:${CARD}`, ...account } };
    },
  });
  window.customStrategies = window.customStrategies || [];
  window.customStrategies.push({
    type: DOMAIN, strategyType: "dashboard", documentationURL,
    get name() { return text("dashboard"); },
    get description() { return text("dashboard_description"); },
  });
}
