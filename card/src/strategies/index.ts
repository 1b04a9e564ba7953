/** What Home Assistant makes of an account by itself: a module of its own, loaded where it is asked for. */

export { dashboard } from "./dashboard";
export { section } from "./section";
