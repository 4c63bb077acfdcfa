/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.h - holds, removes and moves messages; for struct mta */
#ifndef MTA_SENDMAIL_CHANGE_H
#define MTA_SENDMAIL_CHANGE_H

#include "mail/mta.h"

/* See struct mta. */
enum change_result sendmail_change_claim(struct change *,
    const struct place_list *);
enum change_result sendmail_change_prepare(struct change *, enum change_action,
    const char *reason);
enum change_result sendmail_change_commit(struct change *, enum change_action);
enum change_result sendmail_change_settle(const struct place *, const char *id,
    enum change_action);

#endif
