/** Lines of one file, 1-based and inclusive. */
export type LineRange = { readonly first: number; readonly last: number };

/** A file the models suspect; `votes` counts the samples that named it (each at most once). */
export type FileLocation = { readonly path: string; readonly votes: number };

/** What one localization sample says about one file, before the file's structure turns it into lines. */
export type NamedLocation =
  | { readonly kind: "line"; readonly path: string; readonly range: LineRange }
  | { readonly kind: "class" | "function" | "variable"; readonly path: string; readonly name: string };

/** A suspicious place, merged over samples. */
export type Location = { readonly path: string; readonly range: LineRange; readonly votes: number };
