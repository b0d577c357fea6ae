export type ErrorCode =
  | "config-invalid"
  | "usage"
  | "inference-unreachable"
  | "inference-misconfigured"
  | "inference-unusable"
  | "sandbox-unavailable"
  | "sandbox-image-missing"
  | "sandbox-failed"
  | "environment-failed"
  | "devcontainer-unsupported"
  | "repository-unreadable"
  | "repository-empty"
  | "branch-missing"
  | "repository-too-large"
  | "language-unsupported"
  | "issue-empty"
  | "settings-invalid"
  | "forge-rejected"
  | "forge-unavailable"
  | "store-unavailable"
  | "lease-lost"
  | "cancelled"
  | "run-too-long"
  | "run-crashed"
  | "evaluation-invalid"
  | "internal";

type Entry = { readonly title: string; readonly retryable: boolean; readonly help: string };

/** What each code means to a person: a title, whether trying again can help, and the next step. */
export const errorCatalogue: Readonly<Record<ErrorCode, Entry>> = {
  "config-invalid": {
    title: "The configuration is not usable",
    retryable: false,
    help: "Correct the variables named above and start again; README.md lists them all.",
  },
  usage: {
    title: "The command was called wrongly",
    retryable: false,
    help: "Run the command with --help to see its options.",
  },
  "inference-unreachable": {
    title: "The inference server cannot be reached",
    retryable: true,
    help: "Check that the server is running and that COPATCHER_INFERENCE_URL points to it, then run again.",
  },
  "inference-misconfigured": {
    title: "The inference server refused the request",
    retryable: false,
    help: "Check COPATCHER_INFERENCE_URL, the API key and the model names against what the server serves at /v1/models.",
  },
  "inference-unusable": {
    title: "The models gave no usable answer",
    retryable: true,
    help: "The wrong checkpoint or a too small context window are the usual reasons; COPATCHER_LOG_LEVEL=debug (or --verbose) shows why each sample failed.",
  },
  "sandbox-unavailable": {
    title: "No sandbox is available",
    retryable: true,
    help: "Start a Docker engine (DOCKER_HOST says where), or install bubblewrap (Debian: apt-get install bubblewrap) and set COPATCHER_SANDBOX=auto, then run again.",
  },
  "sandbox-image-missing": {
    title: "The sandbox image is missing",
    retryable: false,
    help: "Pull it on the sandbox host (docker pull NAME), build or load it there, or name another one (COPATCHER_SANDBOX_IMAGE, or environment.image in .github/copatcher.yml).",
  },
  "sandbox-failed": {
    title: "The sandbox failed",
    retryable: true,
    help: "Run again; if it fails again, look at the engine's log on the sandbox host.",
  },
  "environment-failed": {
    title: "The environment could not be built",
    retryable: false,
    help: "Correct what the command needs (it gets no input, and reaches no host but those of the operator's COPATCHER_SETUP_HOSTS), or say in `environment` of .github/copatcher.yml how the repository is set up; `/copatcher env check` tries it alone.",
  },
  "devcontainer-unsupported": {
    title: "The devcontainer cannot be built here",
    retryable: false,
    help: "Set `environment.image`, `environment.dockerfile` or `environment.setup` in .github/copatcher.yml, or `environment.devcontainer: false` to set up from the manifests; `/copatcher env check` tries it alone.",
  },
  "repository-unreadable": {
    title: "The repository cannot be read",
    retryable: true,
    help: "Check that the repository exists, that git can read it and that the App is installed on it.",
  },
  "repository-empty": {
    title: "The repository is empty",
    retryable: false,
    help: "Push a first commit to the default branch, then label the issue again.",
  },
  "branch-missing": {
    title: "The branch does not exist",
    retryable: false,
    help: "Name a branch of this repository after `base=`, or leave it out for that of the settings (`branch.base`), else the default branch.",
  },
  "repository-too-large": {
    title: "The repository is too large for the sandbox",
    retryable: false,
    help: "Raise COPATCHER_MAX_REPOSITORY_MB, or remove large files from the branch.",
  },
  "language-unsupported": {
    title: "No supported language was found",
    retryable: false,
    help: "Copatcher repairs Python, JavaScript/TypeScript, Go and Java; the repository has no source of these that it could read.",
  },
  "issue-empty": {
    title: "The issue has no text",
    retryable: false,
    help: "Describe what happens and what should happen instead, then label the issue again.",
  },
  "settings-invalid": {
    title: "The settings file is not valid",
    retryable: false,
    help: "Correct .github/copatcher.yml on the default branch (the owner's, where that is named), then label the issue again; `npm run copatcher -- config validate FILE`, in a checkout of Copatcher, checks it before.",
  },
  "forge-rejected": {
    title: "GitHub refused the request",
    retryable: false,
    help: "Where a permission is named, the App's settings must ask for it and an owner must accept it (Settings, GitHub Apps, Configure, Review request); else check the branch protection rules. Then ask again.",
  },
  "forge-unavailable": {
    title: "GitHub cannot be reached",
    retryable: true,
    help: "Wait for GitHub to answer again, then comment `/copatcher fix`.",
  },
  "store-unavailable": {
    title: "The run store cannot be used",
    retryable: true,
    help: "Check the data directory (COPATCHER_DATA_DIR), which must be writable and used by one process only, and the database of DATABASE_URL, if it is set; `npm run copatcher -- doctor` looks at both.",
  },
  "lease-lost": {
    title: "Another worker took over this run",
    retryable: false,
    help: "Nothing to do: the other worker finishes the run.",
  },
  cancelled: {
    title: "The run was cancelled",
    retryable: false,
    help: "Label the issue again to start over.",
  },
  "run-too-long": {
    title: "The run took too long",
    retryable: false,
    help: "Raise COPATCHER_RUN_MINUTES, or `limits.minutes` of the settings if that is less, or make the repository's tests faster (`tests.timeout_minutes`, `tests.command` in .github/copatcher.yml).",
  },
  "run-crashed": {
    title: "The bot's process ended again and again during this run",
    retryable: false,
    help: "Look at the bot's log and at the memory of its host: something about this run ends the process. Label the issue again when it is mended.",
  },
  "evaluation-invalid": {
    title: "The evaluation's data cannot be used",
    retryable: false,
    help: "Correct the case, pool or result file named above; nothing was measured or written.",
  },
  internal: {
    title: "Copatcher itself failed",
    retryable: true,
    help: "This is a defect of Copatcher. Please report it with the run's id and its log.",
  },
};
