/** Names as engines take them: host and port, path, tag and digest. */
const host = /(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?\/)?/.source;
const path = /[a-z0-9]+(?:[._-]+[a-z0-9]+)*/.source;
const grammar = new RegExp(
  `^${host}${path}(?:/${path})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** An engine also finds an image by the first digits of its id, whoever it belongs to. */
const id = /^(?:sha256:)?[0-9a-f]{1,64}$/;

/** Where environments of other repositories are kept. */
const ours = /(?:^|\/)copatcher-(?:base|environment|layer)\//;

const maxLength = 300;

/**
 * Why a repository must not name an image so, null when it may. What is no name would become a part of the engine's
 * own address, and an id or one of our names could be the image that another repository built.
 */
export function refuseImageName(name: string): string | null {
  const shown = JSON.stringify(name.slice(0, 100));
  if (ours.test(name)) return `${shown} is an image that Copatcher itself keeps`;
  if (id.test(name)) return `${shown} is the id of an image; give its name and tag, like python:3.12`;
  if (name.length > maxLength || !grammar.test(name)) {
    return `${shown} is no name of an image, like python:3.12 or ghcr.io/acme/tests:1`;
  }
  return null;
}
