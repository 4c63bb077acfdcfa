/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maildir_change.h - how the small mail server changes its messages */
#ifndef T_MAILDIR_CHANGE_H
#define T_MAILDIR_CHANGE_H

#include "mail/mta_change.h"

/* Ids can be those of other messages later, and no lock keeps it off. */
extern const struct mta_change maildir_change;

#endif
