import { errorCatalogue, type ErrorCode } from "../domain/error-catalogue.ts";

/** One line of `copatcher doctor`. */
export type DoctorCheck = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** Empty when there is nothing to do. */
  readonly fix: string;
};

export const fixFor = (ok: boolean, code: ErrorCode): string => (ok ? "" : errorCatalogue[code].help);
