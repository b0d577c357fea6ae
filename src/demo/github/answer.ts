/** What the overlay sends back; `body` is JSON unless it is bytes. */
export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const documentation = "https://docs.github.com/rest";

/** A refusal in the shape of GitHub's error answers; thrown by handlers, sent by the overlay. */
export class GitHubRefusal extends Error {
  readonly answer: Answer;

  constructor(status: number, message: string, errors?: readonly Readonly<Record<string, string>>[]) {
    super(message);
    this.name = "GitHubRefusal";
    this.answer = {
      status,
      body: {
        message,
        ...(errors === undefined ? {} : { errors }),
        documentation_url: documentation,
        status: String(status),
      },
    };
  }
}

export const notFound = (): GitHubRefusal => new GitHubRefusal(404, "Not Found");

export const invalidField = (resource: string, field: string): GitHubRefusal =>
  new GitHubRefusal(422, "Validation Failed", [{ resource, field, code: "invalid" }]);

export const invalidBecause = (resource: string, message: string): GitHubRefusal =>
  new GitHubRefusal(422, "Validation Failed", [{ resource, code: "custom", message }]);
