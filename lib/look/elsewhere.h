/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elsewhere.h - other directories where the body of a message may be */
#ifndef LOOK_ELSEWHERE_H
#define LOOK_ELSEWHERE_H

#include "mail/mta.h"
#include "mail/queue.h"

/*
 * Calls visit with a descriptor of each other directory of bodies, which visit
 * must not close.  These are the directories of the queues of the same role,
 * and those beside and below the directory that belong to no queue of the
 * list.  sendmail with several queue groups may keep a body in the directory of
 * another group (a line d in the control file says so, which is not read
 * here), and not all of its groups have to be in the list.
 *
 * Returns 0; or -1 with errno if a directory could not be looked at, so that a
 * body may be in it.
 */
int elsewhere_visit(const struct queue_list *, const struct queue *,
    const struct queue_dir *, void (*visit)(void *arg, int body_fd), void *arg);

#endif
