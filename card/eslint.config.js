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
      // Lit binds event listeners to the element that renders them.
      "@typescript-eslint/unbound-method": "off",
      // Numbers in template literals are intended.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Brackets mark keys of an index signature, which may be missing.
      "@typescript-eslint/dot-notation": "off",
      // Home Assistant's strategies are classes with static members only.
      "@typescript-eslint/no-extraneous-class": "off",
    },
  },
);
