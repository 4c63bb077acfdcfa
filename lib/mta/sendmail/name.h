/* SPDX-License-Identifier: GPL-3.0-or-later */
/* name.h - what the name of an entry in a sendmail queue says */
#ifndef MTA_SENDMAIL_NAME_H
#define MTA_SENDMAIL_NAME_H

#include "mail/mta.h"

#define SENDMAIL_NAME_MAX 20 /* MAXQFNAME - 1, conf.h */

/* Subdirectories of control files, bodies and transcripts, where they exist. */
#define SENDMAIL_NAME_CONTROL "qf"
#define SENDMAIL_NAME_BODY    "df"
#define SENDMAIL_NAME_LOG     "xf"

/*
 * For struct mta; the kind of directory does not matter.  Parts of a message
 * are MTA_NOTHING, and have its id.
 * Source: sendmail 8.17.1 queue.c (runqueue's listing, assign_queueid) and
 * sendmail.h (file types); "QUEUE FILE FORMATS" of the Installation and
 * Operation Guide.
 */
void sendmail_name_classify(const struct mta_dir *, const char *name,
    size_t len, int64_t now, struct mta_entry *);

/* The id in a name that is a message, with what ends the name. */
const char *sendmail_name_id(const char *name);

#endif
