import { configs as lit } from "eslint-plugin-lit";
import { configs, config } from "typescript-eslint";

export default config(
  { ignores: ["node_modules/"] },
  {
    files: ["src/**/*.ts", "test/**/*.ts"],
    extends: [
      ...configs.strictTypeChecked,
      ...configs.stylisticTypeChecked,
      lit["flat/recommended"],
    ],
  },
  {
    files: ["src/**/*.ts", "test/**/*.ts"],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Lit calls a listener with the element that renders it.
      "@typescript-eslint/unbound-method": "off",
      // A number in a text is what is meant here; the rest of the rule stays.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // An index signature is read as what it is: a key that may not be there.
      "@typescript-eslint/dot-notation": "off",
      // Home Assistant calls classes that it only looks things up on.
      "@typescript-eslint/no-extraneous-class": "off",
    },
  },
);
