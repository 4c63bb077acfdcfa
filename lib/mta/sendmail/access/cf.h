/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cf.h - what sendmail.cf says of the access map */
#ifndef MTA_SENDMAIL_ACCESS_CF_H
#define MTA_SENDMAIL_ACCESS_CF_H

#include <stdbool.h>
#include <stddef.h>

#include "mta/sendmail/access/key.h"

struct sendmail_access_cf {
	char *type;     /* "hash"; NULL: no access map */
	char *file;     /* the text, without .db; NULL: not said */
	bool keep_case; /* -f: keys are not folded to lower case */
	bool nul;       /* -N: keys and values end in a NUL */
	bool skip;      /* SKIP is a keyword, not a text to refuse with */
	struct sendmail_access_way way;
};

#define SENDMAIL_ACCESS_CF_INIT                  \
	{                                        \
		NULL, NULL, false, false, false, \
		{                                \
			false, false             \
		}                                \
	}

void sendmail_access_cf_free(struct sendmail_access_cf *);

/*
 * Adds what the bytes of a sendmail.cf say: "Kaccess hash -T<TMPF> FILE" (the
 * last such line counts; map.c map_parseargs()) and O
 * UseCompressedIPv6Addresses, which is off unless said since 8.15; and by the
 * rules that m4 made of FEATURE(`access_db') whether that has `skip' and
 * `lookupdotdomain'.  file is as it is written there, also where the map is of
 * a type that has no file.  0; or -1, out of memory.
 */
int sendmail_access_cf_parse(struct sendmail_access_cf *, const char *bytes,
    size_t n);

#endif
