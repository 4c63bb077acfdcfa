/* SPDX-License-Identifier: GPL-3.0-or-later */
/* command.h - commands that show or release what is in a queue */
#ifndef MTA_SENDMAIL_COMMAND_H
#define MTA_SENDMAIL_COMMAND_H

#include "mail/mta.h"

/* As struct mta's. */
bool sendmail_command(struct buf *, enum mta_command, const struct queue *,
    const struct queue_dir *, const struct span *id);

#endif
