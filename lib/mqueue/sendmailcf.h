/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sendmailcf.h - what sendmail.cf says of queue directories */
#ifndef MQUEUE_SENDMAILCF_H
#define MQUEUE_SENDMAILCF_H

#include <stddef.h>

struct sendmailcf_group {
	char	*name;
	char	*path;		/* NULL: the QueueDirectory */
};

struct sendmailcf {
	char			*queue_directory;	/* NULL: not said */
	struct sendmailcf_group	*groups;
	size_t			 ngroups;
};

#define SENDMAILCF_INIT { NULL, NULL, 0 }

void	sendmailcf_free(struct sendmailcf *);

/*
 * Adds what the bytes of a sendmail.cf or submit.cf say: O QueueDirectory
 * (also OQ, abbreviated, in any case; the last one counts) and Q lines
 * (readcf.c setoption(), queue.c makequeue()).  Values are not macro-expanded,
 * by sendmail neither.  Other lines are skipped.  0; or -1, out of memory.
 */
int	sendmailcf_parse(struct sendmailcf *, const char *bytes, size_t n);

#endif
