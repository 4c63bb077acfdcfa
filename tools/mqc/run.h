/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.h - round after round, until it is enough */
#ifndef TOOLS_MQC_RUN_H
#define TOOLS_MQC_RUN_H

#include "base/buf.h"
#include "tools/mqc/config.h"
#include "tools/mqc/fetch.h"
#include "tools/mqc/output.h"

struct mqc_run_env {
	struct mqc_fetch_env fetch;
	struct mqc_output_env output;
};

/*
 * Runs until the rounds are over, a signal ends it, or nobody reads.  Returns
 * the exit status; for 2 there may be a line added to *why, clean for output.
 */
int mqc_run(const struct mqc_config *, const struct mqc_run_env *,
    struct buf *why);

#endif
