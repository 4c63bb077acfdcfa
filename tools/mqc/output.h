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

/*
 * Says that something else wrote to the terminal, so that the next round needs
 * a header.
 */
void mqc_output_disturb(struct mqc_output *);

/*
 * Writes a round with one write(2).  note is a line below it for people; or
 * NULL.  0, or -1 with errno.
 */
int mqc_output_round(struct mqc_output *, const struct mqc_fleet *,
    const char *note);

#endif
