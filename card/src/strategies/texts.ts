/** Texts of generated dashboards and sections. */

import { localizer } from "../localizer";
import cs from "./texts/cs.json";
import en from "./texts/en.json";

export type TextKey = keyof typeof en;

export const localize = localizer<TextKey>({ en, cs });
