/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notes.h - what stands below the table */
#ifndef TOOLS_QSTAT_NOTES_H
#define TOOLS_QSTAT_NOTES_H

#include "base/buf.h"
#include "mail/mta.h"
#include "tools/qstat/view.h"

/*
 * Adds the messages that no relay is to blame for, what the marks mean, what
 * is held, and the next command.
 */
void qstat_notes_add(struct buf *, const struct qstat_view *);

/*
 * Adds what could not be read, and the remedy: asks the system for the rights
 * of this user.
 */
void qstat_notes_unread(struct buf *, const struct queue_list *,
    const struct survey_result *, size_t width);

/* Adds the directories, and what was left out and is no error. */
void qstat_notes_verbose(struct buf *, const struct queue_list *,
    const struct survey_result *);

/* The same in one line: why the answer is partial; nothing if it is not. */
void qstat_notes_partial(struct buf *, const struct survey_result *);

#endif
