/** Who may ask for repairs. */
export const maintainer = "maria";

/** On a server. Short, so that much happens in little time; a busy machine must still manage to extend it. */
export const leaseMs = 4_000;

/** How a bot calls itself when it asks a model. */
export const clientOf = (bot: string): string => `Bearer ${bot}`;
