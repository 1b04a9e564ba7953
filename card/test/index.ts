import "./actions.test";
import "./calls.test";
import "./format.test";
import "./history.test";
import "./strategies.test";
import "./suggestions.test";
import "./texts.test";
