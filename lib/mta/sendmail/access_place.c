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
#include "mta/sendmail/access_place.h"

#define QBLOCK_PLACE_MAX   (16u << 20) /* of a sendmail.cf */
#define QBLOCK_PLACE_SHOWN 200

void
qblock_place_free(struct qblock_place *p)
{
	sendmail_access_free(&p->cf);
}

static int
qblock_place_fail(struct buf *why, const char *path, const char *reason)
{
	clean_adds(why, path, QBLOCK_PLACE_SHOWN);
	buf_addf(why, ": %s", reason);
	return -1;
}

/* 0, or -1 with errno in *error and a line in *why. */
static int
qblock_place_read(struct qblock_place *p, const char *path, int *error,
    struct buf *why)
{
	struct buf bytes = BUF_INIT;
	int rc = fsx_read(AT_FDCWD, path, 0, QBLOCK_PLACE_MAX, &bytes);

	*error = errno;
	if (rc == 0 &&
	    sendmail_access_parse(&p->cf, bytes.len != 0 ? bytes.data : "",
		bytes.len) != 0) {
		*error = ENOMEM;
		rc = -1;
	}
	if (rc != 0)
		qblock_place_fail(why, path, strerror(*error));
	buf_free(&bytes);
	return rc;
}

/* The usual files, the first that is there. */
static int
qblock_place_usual(struct qblock_place *p, const char **path, struct buf *why)
{
	static const char *const usual[] = { "/etc/mail/sendmail.cf",
		"/etc/sendmail.cf" };
	size_t i;
	int error;

	for (i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		*path = usual[i];
		buf_truncate(why, 0);
		if (qblock_place_read(p, usual[i], &error, why) == 0)
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
qblock_place_check(struct qblock_place *p, const char *cf, struct buf *why)
{
	if (p->cf.type == NULL)
		return qblock_place_fail(why, cf,
		    "has no access map (no"
		    " Kaccess line): FEATURE(`access_db') makes one; or name"
		    " a file with --map");
	if (strcmp(p->cf.type, "hash") != 0 &&
	    strcmp(p->cf.type, "btree") != 0) {
		qblock_place_fail(why, cf, "its access map is of type '");
		clean_adds(why, p->cf.type, QBLOCK_PLACE_SHOWN);
		buf_adds(why, "'; only hash and btree can be changed here");
		return -1;
	}
	if (p->cf.file == NULL || p->cf.file[0] != '/')
		return qblock_place_fail(why, cf,
		    "the Kaccess line has no"
		    " absolute path");
	p->file = p->cf.file;
	p->map.type = p->cf.type;
	p->map.keep_case = p->cf.keep_case;
	p->map.nul = p->cf.nul;
	return 0;
}

/* Of --map: sendmail.cf is not looked at. */
static int
qblock_place_given(struct qblock_place *p, const struct qblock_config *c,
    struct buf *why)
{
	const char *type = c->map_type.len != 0 ? c->map_type.data : "hash";
	size_t n = strlen(c->map);

	if (strcmp(type, "hash") != 0 && strcmp(type, "btree") != 0)
		return qblock_place_fail(why, "--map",
		    "expected the type hash"
		    " or btree");
	if (n > 3 && strcmp(c->map + n - 3, ".db") == 0)
		return qblock_place_fail(why, c->map,
		    "is the map; name the"
		    " text that it is made from");
	p->file = c->map;
	p->map.type = type;
	/* Whether sendmail knows SKIP is not known: it may let clients in. */
	p->cf.skip = true;
	return 0;
}

int
qblock_place_find(struct qblock_place *p, const struct qblock_config *c,
    struct buf *why)
{
	const char *cf = c->cf;
	int rc = 0, unused;

	*p = (struct qblock_place){ .cf = SENDMAIL_ACCESS_INIT };
	p->map.cf = c->cf;
	p->map.makemap = c->makemap != NULL ? c->makemap : qblock_map_find();
	if (c->map != NULL && c->cf != NULL)
		return qblock_place_fail(why, "--map and --cf",
		    "one of them"
		    " says where the access map is, not both");
	if (c->map != NULL) {
		rc = qblock_place_given(p, c, why);
	} else {
		rc = cf != NULL ? qblock_place_read(p, cf, &unused, why) :
				  qblock_place_usual(p, &cf, why);
		if (rc == 0)
			rc = qblock_place_check(p, cf, why);
	}
	/* The text alone tells what is blocked. */
	if (rc != 0 || c->action == QBLOCK_CONFIG_LIST)
		return rc;
	if (p->map.makemap == NULL) {
		buf_adds(why,
		    "makemap was not found; name it with --makemap"
		    " (Debian: it is in sendmail-bin)");
		return -1;
	}
	if (access(p->map.makemap, X_OK) != 0)
		return qblock_place_fail(why, p->map.makemap, strerror(errno));
	return 0;
}
