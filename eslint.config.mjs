import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Importing an index module takes seconds and hundreds of megabytes: cdktf's providers 5 s, Kubernetes models 0.2 s. */
const INDEX_MODULES = [
  '@cdktf/provider-google',
  '@cdktf/provider-kubernetes',
  '@cdktf/provider-helm',
  'kubernetes-models',
];

export default tseslint.config(
  { ignores: ['dist/', 'cdktf.out/', 'node_modules/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        require: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ['tsconfig.json', '__tests__/tsconfig.json'] } },
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: INDEX_MODULES.map((name) => ({
            name,
            message: 'import the module of the resource instead of the index',
          })),
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'use a named export' },
        {
          selector: 'TSInterfaceBody > TSPropertySignature[readonly!=true]',
          message: 'make the property readonly',
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['main.ts', 'tools/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Tests assert on the shape of untyped JSON.
    files: ['__tests__/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
