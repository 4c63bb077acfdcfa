/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * apply.c - puts a new file of blocks and its map in place
 *
 * The map is made and asked before anything is replaced, and asked once more
 * where the server looks for it.
 */
#include <unistd.h>

#include "tools/qblock/apply.h"

/* Asks the map in place; it is too late to leave all as it was. */
static int
qblock_apply_check(const struct block_place *place, const struct entries *text,
    struct buf *why)
{
	struct buf reason = BUF_INIT;
	int rc = place->server->verify(place, text, &reason);

	if (rc != 0) {
		buf_adds(why, "text and map are new, but the check failed: ");
		buf_add(why, reason.data, reason.len);
		why->oom |= reason.oom;
	}
	buf_free(&reason);
	return rc;
}

int
qblock_apply(struct qblock_files *f, const struct block_place *place,
    const struct edit *e, bool *changed, struct buf *why)
{
	int fd = qblock_files_write(f, &e->bytes, why), rc = -1;

	if (fd != -1) {
		rc = place->server->make(place, buf_str(&f->new_map), fd,
		    &e->map, why);
		close(fd);
	}
	if (rc == 0)
		rc = qblock_files_commit(f, why);
	*changed = rc == 0;
	if (rc != 0) {
		qblock_files_drop(f);
		return -1;
	}
	return qblock_apply_check(place, &e->map, why);
}

int
qblock_apply_rest(struct qblock_files *f, const struct block_place *place,
    struct buf *why)
{
	struct edit e;
	int fd = -1, rc;

	if ((rc = edit_begin(&e, place->server, &f->bytes)) != 0)
		buf_adds(why, "out of memory");
	if (rc == 0 && (fd = qblock_files_text(f, why)) == -1)
		rc = -1;
	if (rc == 0)
		rc = place->server->make(place, buf_str(&f->new_map), fd,
		    &e.map, why);
	if (rc == 0)
		rc = qblock_files_commit_map(f, why);
	if (fd != -1)
		close(fd);
	edit_free(&e);
	return rc;
}
