/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hosts.h - which hosts mqc asks, and how */
#ifndef TOOLS_MQC_HOSTS_H
#define TOOLS_MQC_HOSTS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/net.h"

#define MQC_HOSTS_MAX  10000
#define MQC_HOSTS_NAME 63            /* bytes of a name */
#define MQC_HOSTS_FILE (1024 * 1024) /* bytes of a file */

struct mqc_hosts_one {
	char *name;
	struct net_peer peer; /* unless argv is set */
	char **argv;          /* a command to run; or NULL */
	char *words;          /* what argv points into */
};

struct mqc_hosts {
	struct mqc_hosts_one *v;
	size_t n;
};

#define MQC_HOSTS_INIT  \
	{               \
		NULL, 0 \
	}

/*
 * Adds a host, "[NAME =] HOST[:PORT]" or "NAME = exec: WORD...".  If there is
 * no NAME, the host is called what was typed.  0; or -1 with a line added to
 * *why, clean for output.
 */
int mqc_hosts_add(struct mqc_hosts *, const char *spec, struct buf *why);

/*
 * Adds the hosts of a file, one a line; '#' begins a comment, at the start of a
 * line or after a blank.  *why begins with the number of the line.
 */
int mqc_hosts_parse(struct mqc_hosts *, const char *text, size_t n,
    struct buf *why);

void mqc_hosts_free(struct mqc_hosts *);

#endif
