import 'yargs';

// yargs 18 has it, the types do not yet: https://github.com/yargs/yargs/blob/main/docs/api.md
declare module 'yargs' {
  interface Argv {
    usageConfiguration(configuration: { readonly 'hide-types'?: boolean }): this;
  }
}
