/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sendmail_command.h - commands that show or release what is in a queue */
#ifndef MQUEUE_SENDMAIL_COMMAND_H
#define MQUEUE_SENDMAIL_COMMAND_H

#include "mqueue/mta.h"

/* As struct mta's. */
bool sendmail_command(struct buf *, enum mta_command, const struct queue *,
    const struct queue_dir *);

#endif
