/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.h - one message's control file, made fit for a terminal */
#ifndef TOOLS_QSTAT_SHOW_H
#define TOOLS_QSTAT_SHOW_H

#include "base/buf.h"
#include "mail/mta.h"
#include "mail/queue.h"

#define QSTAT_SHOW_MAX 65536 /* bytes of a file */

/*
 * Adds the control file of a message, or those of all that have this id, from
 * any of the queues.  id may be the file's name as well.  0; 1, something
 * could not be read; or -1, nothing was found.  For 1 and -1 one line, clean
 * for output, is added to *why.
 */
int qstat_show_add(struct buf *, const struct queue_list *, const char *id,
    struct buf *why);

/* Adds a file's bytes as clean lines; a folded line stays indented. */
void qstat_show_lines(struct buf *, const char *bytes, size_t n);

#endif
