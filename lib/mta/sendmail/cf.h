/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cf.h - what sendmail.cf says of queue directories */
#ifndef MTA_SENDMAIL_CF_H
#define MTA_SENDMAIL_CF_H

#include <stddef.h>

#include "base/buf.h"

/* Paths are as they are written: see sendmail_cf_path(). */
struct sendmail_cf_group {
	char *name;
	char *path; /* NULL: base */
	char *base; /* the QueueDirectory of the lines before; NULL: none */
	size_t line;
};

struct sendmail_cf {
	char *queue_directory; /* NULL: not said */
	size_t line;           /* that says it */
	struct sendmail_cf_group *groups;
	size_t ngroups;
};

#define SENDMAIL_CF_INIT         \
	{                        \
		NULL, 0, NULL, 0 \
	}

void sendmail_cf_free(struct sendmail_cf *);

/*
 * Adds what the bytes of a sendmail.cf or submit.cf say: O QueueDirectory
 * (also OQ, abbreviated, in any case; the last one counts) and Q lines
 * (readcf.c setoption(), queue.c makequeue()).  An empty QueueDirectory is
 * "mqueue", as in sendmail.  Other lines are skipped.  0; or -1, out of memory.
 */
int sendmail_cf_parse(struct sendmail_cf *, const char *bytes, size_t n);

/*
 * The path that sendmail makes of one: "$$" is "$", and no macro is put in.
 * Returns NULL with the path in *out, which is emptied; or why sendmail can't
 * use it, a constant text.
 */
const char *sendmail_cf_path(const char *written, struct buf *out);

/*
 * The next line of such a file into *line, with the lines that continue it,
 * and without its comment and the blanks at its end (readcf.c).  *s moves on
 * to what follows, at most to end.  Not for *s == end.
 */
void sendmail_cf_next_line(struct buf *line, const char **s, const char *end);

#endif
