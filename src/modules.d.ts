/** See scripts/data-plugin.js. */
declare module '*?directory' {
  const files: unknown[];
  export default files;
}

declare module '*?texts' {
  const texts: string[];
  export default texts;
}

declare module '*?asset' {
  const asset: { readonly text: string; readonly hash: string };
  export default asset;
}

declare module '*?validator' {
  interface ValidationError {
    readonly instancePath: string;
    readonly schemaPath: string;
    readonly keyword: string;
    readonly params: Record<string, unknown>;
    readonly message?: string;
    /** What was found. */
    readonly data?: unknown;
  }
  const validate: ((data: unknown) => boolean) & { errors?: ValidationError[] | null };
  export default validate;
}

declare module '*?shape' {
  export { default } from '*?validator';
}
