/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sendmail.h - sendmail's queue files (8.8 to 8.18), for struct mta */
#ifndef MTA_SENDMAIL_SENDMAIL_H
#define MTA_SENDMAIL_SENDMAIL_H

#include "mail/mta.h"

/*
 * Source: sendmail 8.17.1 queue.c (runqueue's listing, assign_queueid) and
 * sendmail.h (file types); "QUEUE FILE FORMATS" of the Installation and
 * Operation Guide.
 */
extern const struct mta sendmail_mta;

#endif
