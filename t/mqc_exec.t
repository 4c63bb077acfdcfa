#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqc_exec.t - hosts that are commands: no shell, no terminal, none left over
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Fleet;
use Test::More;

my $mqc = program('mqc');
need($mqc);
my $dir = tempdir();
my $report = MQ::Fleet::report(in => 39, out => 726);

# command($name, $perl): a program in $dir.
sub command {
	my ($name, $perl) = @_;
	spew("$dir/$name", "#!$^X\n$perl");
	chmod 0755, "$dir/$name";
	return "$dir/$name";
}

sub mqc {
	return run({env => {HOME => $dir, PATH => "$dir:/none::$ENV{PATH}"}},
	    $mqc, '-i', '3', '-t', '1', '--once', @_);
}

# Its arguments, its standard input, whether it has a terminal.
command('look', <<'EOT' . "print q{$report};\n");
my $dir = $0 =~ s{/[^/]*$}{}r;
open my $out, '>', "$dir/seen" or die;
print $out join('|', @ARGV), "\n", <STDIN> // 'no input', "\n",
    open(my $tty, '<', '/dev/tty') ? 'a terminal' : 'no terminal', "\n",
    $SIG{PIPE} // 'DEFAULT', "\n", getpgrp == $$ ? 'own group' : 'shared';
EOT
my $r = mqc("mx1 = exec: look -o A=b \$(id) `id` ; \"x y\" *");
is($r->{out}, "      mx1(in:m)\n         39:726\n" =~ s/^ {5}|(?<=\n) {5}//gr,
    'a command of the path answers');
is_deeply([split /\n/, slurp("$dir/seen")],
    ['-o|A=b|$(id)|`id`|;|"x|y"|*', 'no input', 'no terminal', 'DEFAULT',
    'own group'], 'words as they are, and nothing to ask on');

my %fails = (
	absent => ['no-such-program', 'No such file or directory'],
	loud => [command('loud', "print STDERR qq{first\\nssh: \\e[31mno\\r\\n};"
	    . "exit 255;"), 'ssh: ?[31mno'],
	script => [do { spew("$dir/script", $report); chmod 0755,
	    "$dir/script"; "$dir/script" }, 'it cannot be run'],
	silent => [command('silent', 'exit 3;'), 'exit status 3'],
	killed => [command('killed', 'kill 9, $$;'), 'killed by signal 9'],
	garbage => [command('garbage', "print qq{Welcome!\\n};"),
	    'it does not begin like a report of mqreport'],
);
for my $name (sort keys %fails) {
	my ($words, $why) = @{$fails{$name}};
	$r = mqc("$name=exec: $words");
	is($r->{code}, 2, "$name: exit status 2");
	like($r->{out}, qr/\n  $name: [a-z ]+: \Q$why\E\n\z/, "... $why");
}

# A report counts, whatever its program does then.
command('slow', "\$| = 1; print q{$report}; kill 'STOP', \$\$;");
is(mqc('mx1=exec: slow')->{out}, " mx1(in:m)\n    39:726\n",
    'a command that does not end after its report');
is(run($mqc, '-i', '1', '-n', '3', "mx1=exec: $dir/slow")->{out},
    " mx1(in:m)\n" . "    39:726\n" x 3, '... nor in the next rounds');

# One that hangs is killed with its children, at the end of its round and at
# the end of mqc.
command('hang', <<'EOT');
my $dir = $0 =~ s{/[^/]*$}{}r;
open my $out, '>>', "$dir/pids" or die;
syswrite $out, "$$\n";
my $child = fork // die;
syswrite $out, "$child\n" if $child;
1 while sleep 100;
EOT
sub left {
	return grep { -e "/proc/$_" && slurp("/proc/$_/stat") !~ /\) Z / }
	    split /\n/, slurp("$dir/pids");
}
like(mqc('mx1=exec: hang')->{out}, qr/\n  mx1: timeout: no report within 1s\n/,
    'a command that hangs');
is(() = slurp("$dir/pids") =~ /\n/g, 2, '... which has a child');
ok(wait_for(sub { !left() }, 'their end'), '... is gone, and its child');
unlink "$dir/pids";
my $pid = fork // die "fork: $!\n";
if (!$pid) {
	open STDOUT, '>', '/dev/null' or POSIX::_exit(126);
	{ no warnings 'exec'; exec $mqc, '-i', '60', "mx1=exec: $dir/hang" }
	POSIX::_exit(127);
}
wait_for(sub { -e "$dir/pids" && slurp("$dir/pids") =~ /\n.*\n/ }, 'it');
kill 'INT', $pid;
waitpid $pid, 0;
is($?, 0, 'SIGINT: exit status 0');
ok(wait_for(sub { !left() }, 'their end'), '... and no command is left');

done_testing;
