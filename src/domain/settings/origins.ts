/** Who may say a setting, weakest first. */
export type LayerName = "built-in" | "operator" | "owner" | "repository" | "command";

/** Who said each value, by `section.key`; several where layers add up. */
export type Origins = Readonly<Record<string, readonly LayerName[]>>;
