/** What a measured process serves. `port` 0 takes a free one. */
export type Served =
  | { readonly kind: "probot" }
  | {
      readonly kind: "ours";
      readonly directory: string;
      /** Null for the embedded database. */
      readonly databaseUrl: string | null;
      readonly port: number;
    };

export const hookSecret = "a secret of the benchmark";
