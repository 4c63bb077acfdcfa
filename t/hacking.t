#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# hacking.t - what HACKING names is there: functions, files, tables
use strict;
use warnings;

use File::Find;
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $src = srcdir();
my (%file, %word);
find({no_chdir => 1, wanted => sub {
	return if !-f || !/\.(?:[cht]|pm|am)$|\.in$/;
	my ($path, $name) = m{^\Q$src\E/(.*?([^/]+))$};
	$file{$_} = 1 for $path, $path =~ s{^(?:lib|plugins|tools)/}{}r, $name,
	    $name =~ s/\.[ch]$//r;
	$word{$_} = 1 for slurp($_) =~ /\w+/g;
}}, map { "$src/$_" } qw(lib plugins tools t Makefile.am));

# A name may stand for some (judge_*), have a part that changes (NAME), or
# stand in two lines.
my $text = slurp("$src/HACKING") =~ s/\w\K_\n\s+(?:\S+\s\s+)?/_/gr;
my @names = grep { !/[A-Z]|^ac_cv_/ } $text =~
    m{(?<![\w/.*])([a-z]\w*_\w*[a-z0-9])\b(?!\*)}g;
my @files = grep { !/[A-Z]/ } $text =~ m{((?:[a-z]\w*/)*\w+\.[cht])\b}g;
cmp_ok(scalar @names, '>', 100, 'names were found');
cmp_ok(scalar @files, '>', 30, '... and files');
is_deeply([grep { !$word{$_} && !$file{$_} } @names], [], 'all names exist');
is_deeply([grep { !$file{$_} } @files], [], 'all files exist');
done_testing;
