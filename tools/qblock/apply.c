/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * apply.c - puts a new access file and its map in place
 *
 * The map is made and asked before anything is replaced, and asked once more
 * where sendmail looks for it.  What makemap(8) says of lines that were wrong
 * before does not keep it from being used: it has all others.
 */
#include <string.h>
#include <unistd.h>

#include "mta/sendmail/access_fault.h"
#include "tools/qblock/apply.h"

/*
 * makemap left lines out.  That is no reason to leave a client unblocked if it
 * is known which: no block of ours makes one (qblock_plan_keys), so that they
 * were there before, and the map is compared with all others.
 */
static int
qblock_apply_excuse(const struct qblock_files *f, const struct qblock_map *map,
    const struct accessmap *text, const struct buf *said, struct buf *why)
{
	struct accessfault_list faults;
	const char *own;

	if (accessfault_find(&faults, text, map->keep_case) != 0) {
		buf_adds(why, "out of memory");
		return -1;
	}
	if (faults.n != 0)
		return 0;
	/* It names the new file, which is gone when this is read. */
	buf_addf(why, "%s failed (exit %d): ", map->makemap, QBLOCK_MAP_FAULT);
	own = said->len != 0 ? strstr(said->data, buf_str(&f->new_map)) : NULL;
	if (own != NULL) {
		buf_adds(why, buf_str(&f->path));
		buf_adds(why, own + strlen(buf_str(&f->new_map)));
	} else {
		buf_add(why, said->data, said->len);
	}
	return -1;
}

/* Makes the new map from a descriptor of the text, and asks it. */
static int
qblock_apply_make(struct qblock_files *f, const struct qblock_map *map,
    const struct accessmap *text, int fd, struct buf *why)
{
	const char *path = buf_str(&f->new_map);
	struct buf said = BUF_INIT;
	int rc = qblock_map_make(map, path, fd, &said, why);

	if (rc == 1)
		rc = qblock_apply_excuse(f, map, text, &said, why);
	buf_free(&said);
	return rc == 0 ? qblock_map_verify(map, path, text, why) : -1;
}

/* Asks the map in place; it is too late to leave all as it was. */
static int
qblock_apply_check(struct qblock_files *f, const struct qblock_map *map,
    const struct accessmap *text, struct buf *why)
{
	struct buf reason = BUF_INIT;
	int rc = qblock_map_verify(map, buf_str(&f->path), text, &reason);

	if (rc != 0) {
		buf_adds(why, "text and map are new, but the check failed: ");
		buf_add(why, reason.data, reason.len);
		why->oom |= reason.oom;
	}
	buf_free(&reason);
	return rc;
}

int
qblock_apply(struct qblock_files *f, const struct qblock_map *map,
    const struct qblock_edit *e, bool *changed, struct buf *why)
{
	int fd = qblock_files_write(f, &e->bytes, why), rc = -1;

	if (fd != -1) {
		rc = qblock_apply_make(f, map, &e->map, fd, why);
		close(fd);
	}
	if (rc == 0)
		rc = qblock_files_commit(f, why);
	*changed = rc == 0;
	if (rc != 0) {
		qblock_files_drop(f);
		return -1;
	}
	return qblock_apply_check(f, map, &e->map, why);
}

int
qblock_apply_rest(struct qblock_files *f, const struct qblock_map *map,
    struct buf *why)
{
	struct qblock_edit e;
	int fd = -1, rc;

	if ((rc = qblock_edit_begin(&e, &f->bytes)) != 0)
		buf_adds(why, "out of memory");
	if (rc == 0 && (fd = qblock_files_text(f, why)) == -1)
		rc = -1;
	if (rc == 0)
		rc = qblock_apply_make(f, map, &e.map, fd, why);
	if (rc == 0)
		rc = qblock_files_commit_map(f, why);
	if (fd != -1)
		close(fd);
	qblock_edit_free(&e);
	return rc;
}
