#!/bin/bash
# Fetches the released Co-PatcheR checkpoints (30 GB each) at the revisions named in the environment.
set -euo pipefail

fetch() { # REPOSITORY REVISION FOLDER
  echo "$1 at $2 to /models/$3"
  hf download "$1" --revision "$2" --local-dir "/models/$3"
}

fetch UCSB-SURFI/Co-PatcheR-Loc-Gen-14B "${LOC_GEN_REVISION:-main}" loc-gen
fetch UCSB-SURFI/Co-PatcheR-Val-assert-14B "${VAL_ASSERT_REVISION:-main}" val-assert
fetch UCSB-SURFI/Co-PatcheR-Val-no-assert-14B "${VAL_NO_ASSERT_REVISION:-main}" val-no-assert
