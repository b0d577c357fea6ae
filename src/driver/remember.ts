/** What `find` found the first time; a search that failed is made again when somebody asks again. */
export function remember<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null;
  return () => {
    if (found !== null) return found;
    const search = find();
    found = search;
    search.catch(() => {
      found = null;
    });
    return search;
  };
}
