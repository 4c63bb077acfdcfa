/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * makemap.c - the map of an access file, by makemap(8)
 *
 * sendmail's own program reads and writes the map, so that it is of the
 * version of Berkeley DB that sendmail has.
 */
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clean.h"
#include "base/when.h"
#include "mta/sendmail/access/makemap.h"

#define SENDMAIL_ACCESS_MAKEMAP_TIME  120000 /* ms */
#define SENDMAIL_ACCESS_MAKEMAP_MAX   (512u << 20)
#define SENDMAIL_ACCESS_MAKEMAP_SHOWN 200

const char *
sendmail_access_makemap_find(void)
{
	static const char *const places[] = { "/usr/sbin/makemap",
		"/usr/bin/makemap", "/usr/libexec/sendmail/makemap",
		"/usr/local/sbin/makemap", "/usr/lib/sendmail/makemap" };
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

/*
 * unmake: to ask; else to make.  Returns its exit status, with the first line
 * that it wrote to standard error in *said; or -1 with a line added to *why.
 */
static int
sendmail_access_makemap_run(const struct sendmail_access_makemap *m,
    const char *path, bool unmake, int input, struct buf *out, struct buf *said,
    struct buf *why)
{
	const char *argv[9];
	struct when_deadline deadline = when_after(&when_system,
	    SENDMAIL_ACCESS_MAKEMAP_TIME);
	struct buf err = BUF_INIT;
	size_t n = 0;
	int rc;

	argv[n++] = m->makemap;
	if (m->cf != NULL) {
		argv[n++] = "-C";
		argv[n++] = m->cf;
	}
	if (m->keep_case)
		argv[n++] = "-f";
	if (m->nul)
		argv[n++] = "-N";
	if (unmake)
		argv[n++] = "-u";
	argv[n++] = m->type;
	argv[n++] = path;
	argv[n] = NULL;
	rc = child_run(argv, input, &deadline, SENDMAIL_ACCESS_MAKEMAP_MAX, out,
	    &err, why);
	if (err.len != 0)
		clean_add(said, err.data, strcspn(buf_str(&err), "\n"),
		    SENDMAIL_ACCESS_MAKEMAP_SHOWN);
	buf_free(&err);
	return rc;
}

static int
sendmail_access_makemap_fail(const struct sendmail_access_makemap *m,
    int status, const struct buf *said, struct buf *why)
{
	buf_addf(why, "%s failed (exit %d): ", m->makemap, status);
	buf_add(why, said->data, said->len);
	return -1;
}

int
sendmail_access_makemap_make(const struct sendmail_access_makemap *m,
    const char *path, int text, struct buf *said, struct buf *why)
{
	struct buf out = BUF_INIT;
	int rc = sendmail_access_makemap_run(m, path, false, text, &out, said,
	    why);

	buf_free(&out);
	if (rc == SENDMAIL_ACCESS_MAKEMAP_FAULT)
		return 1;
	return rc > 0 ? sendmail_access_makemap_fail(m, rc, said, why) : rc;
}

int
sendmail_access_makemap_ask(const struct sendmail_access_makemap *m,
    const char *path, struct buf *bytes, struct sendmail_access_dump *dump,
    struct buf *why)
{
	struct buf said = BUF_INIT;
	int rc = sendmail_access_makemap_run(m, path, true, -1, bytes, &said,
	    why);

	if (rc > 0)
		rc = sendmail_access_makemap_fail(m, rc, &said, why);
	buf_free(&said);
	if (rc != 0)
		return -1;
	if (sendmail_access_dump_parse(dump, m->keep_case, bytes->data,
		bytes->len) == 0)
		return 0;
	buf_adds(why, "out of memory");
	return -1;
}

int
sendmail_access_makemap_verify(const struct sendmail_access_makemap *m,
    const char *path, const struct entries *text, struct buf *why)
{
	struct sendmail_access_dump want = SENDMAIL_ACCESS_DUMP_INIT,
				    got = SENDMAIL_ACCESS_DUMP_INIT;
	struct block_difference diff;
	struct buf bytes = BUF_INIT;
	int rc = sendmail_access_makemap_ask(m, path, &bytes, &got, why);

	if (rc == 0 &&
	    sendmail_access_dump_of_text(&want, m->keep_case, text) != 0) {
		buf_adds(why, "out of memory");
		rc = -1;
	}
	if (rc == 0) {
		sendmail_access_dump_compare(&diff, &want, &got);
		if (diff.n != 0) {
			buf_addf(why,
			    "the map that %s made differs from the"
			    " text in %zu entries, as ",
			    m->makemap, diff.n);
			clean_add(why, diff.key.p, diff.key.n,
			    SENDMAIL_ACCESS_MAKEMAP_SHOWN);
			rc = -1;
		}
	}
	sendmail_access_dump_free(&want);
	sendmail_access_dump_free(&got);
	buf_free(&bytes);
	return rc;
}
