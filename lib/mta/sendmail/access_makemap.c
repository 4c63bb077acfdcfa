/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * map.c - the map of an access file, by makemap(8)
 *
 * sendmail's own program reads and writes the map, so that it is of the
 * version of Berkeley DB that sendmail has.
 */
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/child.h"
#include "mta/sendmail/access_makemap.h"

#define QBLOCK_MAP_TIME  120000 /* ms */
#define QBLOCK_MAP_MAX   (512u << 20)
#define QBLOCK_MAP_SHOWN 200

const char *
qblock_map_find(void)
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
qblock_map_run(const struct qblock_map *m, const char *path, bool unmake,
    int input, struct buf *out, struct buf *said, struct buf *why)
{
	const char *argv[9];
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
	rc = qblock_child_run(argv, input, QBLOCK_MAP_TIME, QBLOCK_MAP_MAX, out,
	    &err, why);
	if (err.len != 0)
		clean_add(said, err.data, strcspn(buf_str(&err), "\n"),
		    QBLOCK_MAP_SHOWN);
	buf_free(&err);
	return rc;
}

static int
qblock_map_fail(const struct qblock_map *m, int status, const struct buf *said,
    struct buf *why)
{
	buf_addf(why, "%s failed (exit %d): ", m->makemap, status);
	buf_add(why, said->data, said->len);
	return -1;
}

int
qblock_map_make(const struct qblock_map *m, const char *path, int text,
    struct buf *said, struct buf *why)
{
	struct buf out = BUF_INIT;
	int rc = qblock_map_run(m, path, false, text, &out, said, why);

	buf_free(&out);
	if (rc == QBLOCK_MAP_FAULT)
		return 1;
	return rc > 0 ? qblock_map_fail(m, rc, said, why) : rc;
}

int
qblock_map_ask(const struct qblock_map *m, const char *path, struct buf *bytes,
    struct mapdump *dump, struct buf *why)
{
	struct buf said = BUF_INIT;
	int rc = qblock_map_run(m, path, true, -1, bytes, &said, why);

	if (rc > 0)
		rc = qblock_map_fail(m, rc, &said, why);
	buf_free(&said);
	if (rc != 0)
		return -1;
	if (mapdump_parse(dump, m->keep_case, bytes->data, bytes->len) == 0)
		return 0;
	buf_adds(why, "out of memory");
	return -1;
}

int
qblock_map_verify(const struct qblock_map *m, const char *path,
    const struct accessmap *text, struct buf *why)
{
	struct mapdump want = MAPDUMP_INIT, got = MAPDUMP_INIT;
	struct mapdump_difference diff;
	struct buf bytes = BUF_INIT;
	int rc = qblock_map_ask(m, path, &bytes, &got, why);

	if (rc == 0 && mapdump_of_text(&want, m->keep_case, text) != 0) {
		buf_adds(why, "out of memory");
		rc = -1;
	}
	if (rc == 0) {
		mapdump_compare(&diff, &want, &got);
		if (diff.n != 0) {
			buf_addf(why,
			    "the map that %s made differs from the"
			    " text in %zu entries, as ",
			    m->makemap, diff.n);
			clean_add(why, diff.key.p, diff.key.n,
			    QBLOCK_MAP_SHOWN);
			rc = -1;
		}
	}
	mapdump_free(&want);
	mapdump_free(&got);
	buf_free(&bytes);
	return rc;
}
