/**
 * GOFLAGS for the module in the current folder. `-mod=mod` lets a go.sum that lacks lines pass, in the sandbox's copy only;
 * a workspace refuses it.
 */
export const goFlags = (flags: string): string => `if [ -n "$(go env GOWORK)" ]; then GOFLAGS='${flags}'
elif [ -f vendor/modules.txt ]; then GOFLAGS='${flags} -mod=vendor'
else GOFLAGS='${flags} -mod=mod'; fi
export GOFLAGS`;

/**
 * Settings of every go command after set-up: no network, and no more than two compilers at once, since a sandbox counts
 * processes and memory but Go counts the host's processors.
 */
export const goSettings = `export GOPROXY=off GOSUMDB=off GOTOOLCHAIN=local
${goFlags("-p=2")}`;
