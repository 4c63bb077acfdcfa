/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.h - holds, removes and moves sendmail's messages */
#ifndef MTA_SENDMAIL_CHANGE_H
#define MTA_SENDMAIL_CHANGE_H

#include "mail/mta_change.h"

extern const struct mta_change sendmail_change;

#endif
