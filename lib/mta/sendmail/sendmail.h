/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sendmail.h - sendmail's queue files (8.8 to 8.18), for struct mta */
#ifndef MTA_SENDMAIL_SENDMAIL_H
#define MTA_SENDMAIL_SENDMAIL_H

#include "mail/mta.h"

extern const struct mta sendmail_mta;

#endif
