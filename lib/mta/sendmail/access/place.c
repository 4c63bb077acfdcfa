/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * place.c - which access file, and how its map is made
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "mta/sendmail/access/place.h"

#define SENDMAIL_ACCESS_PLACE_MAX   (16u << 20) /* of a sendmail.cf */
#define SENDMAIL_ACCESS_PLACE_SHOWN 200

void
sendmail_access_place_free(struct sendmail_access_place *p)
{
	sendmail_access_cf_free(&p->cf);
	sendmail_access_dump_free(&p->dump);
	buf_free(&p->bytes);
}

static int
sendmail_access_place_fail(struct buf *why, const char *path,
    const char *reason)
{
	clean_adds(why, path, SENDMAIL_ACCESS_PLACE_SHOWN);
	buf_addf(why, ": %s", reason);
	return -1;
}

/* 0, or -1 with errno in *error and a line in *why. */
static int
sendmail_access_place_read(struct sendmail_access_place *p, const char *path,
    int *error, struct buf *why)
{
	struct buf bytes = BUF_INIT;
	int rc = fsx_read(AT_FDCWD, path, 0, SENDMAIL_ACCESS_PLACE_MAX, &bytes);

	*error = errno;
	if (rc == 0 &&
	    sendmail_access_cf_parse(&p->cf, bytes.len != 0 ? bytes.data : "",
		bytes.len) != 0) {
		*error = ENOMEM;
		rc = -1;
	}
	if (rc != 0)
		sendmail_access_place_fail(why, path, strerror(*error));
	buf_free(&bytes);
	return rc;
}

/* The usual files, the first that is there. */
static int
sendmail_access_place_usual(struct sendmail_access_place *p, const char **path,
    struct buf *why)
{
	static const char *const usual[] = { "/etc/mail/sendmail.cf",
		"/etc/sendmail.cf" };
	size_t i;
	int error;

	for (i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		*path = usual[i];
		buf_truncate(why, 0);
		if (sendmail_access_place_read(p, usual[i], &error, why) == 0)
			return 0;
		if (error != ENOENT)
			return -1;
	}
	buf_truncate(why, 0);
	buf_adds(why,
	    "no sendmail.cf found; name one with --cf, or the access"
	    " file with --map");
	return -1;
}

/* Is the map one that can be made and read here? */
static int
sendmail_access_place_check(struct sendmail_access_place *p, const char *cf,
    struct buf *why)
{
	if (p->cf.type == NULL)
		return sendmail_access_place_fail(why, cf,
		    "has no access map (no"
		    " Kaccess line): FEATURE(`access_db') makes one; or name"
		    " a file with --map");
	if (strcmp(p->cf.type, "hash") != 0 &&
	    strcmp(p->cf.type, "btree") != 0) {
		sendmail_access_place_fail(why, cf,
		    "its access map is of type '");
		clean_adds(why, p->cf.type, SENDMAIL_ACCESS_PLACE_SHOWN);
		buf_adds(why, "'; only hash and btree can be changed here");
		return -1;
	}
	if (p->cf.file == NULL || p->cf.file[0] != '/')
		return sendmail_access_place_fail(why, cf,
		    "the Kaccess line has no"
		    " absolute path");
	p->place.file = p->cf.file;
	p->map.type = p->cf.type;
	p->map.keep_case = p->cf.keep_case;
	p->map.nul = p->cf.nul;
	return 0;
}

/* A file that is given: sendmail.cf is not looked at. */
static int
sendmail_access_place_given(struct sendmail_access_place *p,
    const struct block_given *given, struct buf *why)
{
	const char *type = given->map_type != NULL ? given->map_type : "hash";
	size_t n = strlen(given->file);

	if (strcmp(type, "hash") != 0 && strcmp(type, "btree") != 0)
		return sendmail_access_place_fail(why, "--map",
		    "expected the type hash"
		    " or btree");
	if (n > 3 && strcmp(given->file + n - 3, ".db") == 0)
		return sendmail_access_place_fail(why, given->file,
		    "is the map; name the"
		    " text that it is made from");
	p->place.file = given->file;
	p->map.type = type;
	/* Whether sendmail knows SKIP is not known: it may let clients in. */
	p->cf.skip = true;
	return 0;
}

int
sendmail_access_place_find(struct sendmail_access_place *p,
    const struct block_given *given, struct buf *why)
{
	const char *cf = given->config;
	int rc = 0, unused;

	p->map.cf = given->config;
	p->map.makemap = given->maker != NULL ? given->maker :
						sendmail_access_makemap_find();
	if (given->file != NULL) {
		rc = sendmail_access_place_given(p, given, why);
	} else {
		rc = cf != NULL ?
		    sendmail_access_place_read(p, cf, &unused, why) :
		    sendmail_access_place_usual(p, &cf, why);
		if (rc == 0)
			rc = sendmail_access_place_check(p, cf, why);
	}
	if (rc != 0 || given->text_only)
		return rc;
	if (p->map.makemap == NULL) {
		buf_adds(why,
		    "makemap was not found; name it with --makemap"
		    " (Debian: it is in sendmail-bin)");
		return -1;
	}
	if (access(p->map.makemap, X_OK) != 0)
		return sendmail_access_place_fail(why, p->map.makemap,
		    strerror(errno));
	return 0;
}
