/* SPDX-License-Identifier: GPL-3.0-or-later */
/* found.h - what discover_queues() finds below the directory of a test */
#ifndef T_FOUND_H
#define T_FOUND_H

#include "unit.h"

#include "mail/queue.h"

/*
 * Finds the queues below ".", which have to be "name(role):dir,dir! ..."; a "!"
 * stands for a directory that is not there.  Frees them unless keep is given.
 */
void found(const char *want, struct queue_list *keep);

/* Finds none, with this reason; then regains root's rights. */
void found_fails(const char *want);

#endif
