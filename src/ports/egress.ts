/** Where a gate listens: an address of this host, or a socket file that it creates and removes. */
export type EgressPlace =
  { readonly kind: "address"; readonly address: string } | { readonly kind: "socket"; readonly path: string };

/** One build's way out: a forward proxy for HTTP and HTTPS that nothing but this build can use. */
export type EgressGate = {
  /** TCP port on the place's address; on the loopback address for a socket. */
  readonly port: number;
  /** `name:password` that clients authenticate with. */
  readonly credential: string;
  /** What was refused so far, in words, each once. */
  refusals(): readonly string[];
  /** Cuts every connection. */
  close(): Promise<void>;
};

/** The network of set-up steps: the hosts that the operator allows, and nothing else. */
export interface Egress {
  /**
   * `within` narrows the operator's hosts; null: all of them. `onRefusal` gets each new entry of `refusals`. Throws what
   * listening throws (`EADDRNOTAVAIL` for a foreign address).
   */
  open(
    place: EgressPlace,
    within: readonly string[] | null,
    onRefusal: (text: string) => void,
  ): Promise<EgressGate>;
}
