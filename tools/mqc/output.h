/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.h - rounds to the terminal, a pipe or a file */
#ifndef TOOLS_MQC_OUTPUT_H
#define TOOLS_MQC_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "report/relaysum.h"
#include "tools/mqc/config.h"
#include "tools/mqc/fleet.h"
#include "tools/mqc/table.h"

struct mqc_output {
	const struct mqc_config *config;
	int fd;
	bool terminal;
	struct mqc_table_look look;
	struct mqc_table table;
	bool begun; /* a round went out */
};

/* What of the environment says how to write; each may be NULL. */
struct mqc_output_env {
	const char *term;
	const char *no_color;
};

void mqc_output_init(struct mqc_output *, const struct mqc_config *, int fd,
    const struct mqc_output_env *);
void mqc_output_free(struct mqc_output *);

/* Something else wrote to the terminal, so that a header is in order. */
void mqc_output_disturb(struct mqc_output *);

/*
 * Writes a round at once; note, unless it is NULL, is a line under it that is
 * for people.  0, or -1 with errno.
 */
int mqc_output_round(struct mqc_output *, const struct mqc_fleet *,
    const char *note);

#endif
