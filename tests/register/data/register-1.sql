BEGIN TRANSACTION;
CREATE TABLE studioflow_events (
        position INTEGER PRIMARY KEY, studio TEXT NOT NULL, version INTEGER NOT NULL, recorded TEXT NOT NULL,
        body TEXT NOT NULL, hash BLOB NOT NULL, UNIQUE (studio, version));
INSERT INTO "studioflow_events" VALUES(1,'s-01',1,'2023-04-14T09:00:00.000000+00:00','{"schema":"studioflow.event/1","studio":"s-01","version":1,"recorded":"2023-04-14T09:00:00+00:00","event":{"studio":"s-01","action":"declare","source":"operating","dest":"operating","on":"2023-04-14","by":{"id":"p-01","unit":"bureau","roles":["clerk"]},"policy":{"id":"p","version":"1","fingerprint":"sha256:0"},"application":{"name":"样例工作室","unit":"样例学校","lead":{"id":"t-01"},"members":[{"id":"t-02"}]},"key":"k-1"},"personal":{"application/lead/name":"c4eeac0f13a5c1af72566d963e94d8ad68c61907e88182723da077a5475203e9","application/members/0/name":"b294703c82c79df06889fdde8d0157606d6f1225cdea4038b53949ad1510c32b"},"take":[["place",30],["lead:t-01",1]]}',X'43E4545C01271BA523EE7AB7AEFD8B5BFA61BCF1A204747E477F1651238B0A60');
INSERT INTO "studioflow_events" VALUES(2,'s-01',2,'2023-04-14T09:00:00.000000+00:00','{"schema":"studioflow.event/1","studio":"s-01","version":2,"recorded":"2023-04-14T09:00:00+00:00","event":{"studio":"s-01","action":"record","source":"operating","dest":"operating","on":"2023-04-14","by":{"id":"p-01","unit":"bureau","roles":["clerk"]},"policy":{"id":"p","version":"1","fingerprint":"sha256:0"},"records":[{"kind":"activity","id":"a-1","data":{"theme":"读书"}}]},"personal":{"records/a-1/phone":"5615b656633b1a26d6abd90be7eb1d536735a90351c44605b5db707b83c2646d"}}',X'DB31F94B46EBA99E06159C60F3314047499996A0B6DF241D125EF73AB281CA1D');
INSERT INTO "studioflow_events" VALUES(3,'s-01',3,'2023-04-14T09:00:00.000000+00:00','{"schema":"studioflow.event/1","studio":"s-01","version":3,"recorded":"2023-04-14T09:00:00+00:00","event":{"studio":"s-01","action":"record","source":"operating","dest":"operating","on":"2023-04-14","by":{"id":"p-01","unit":"bureau","roles":["clerk"]},"policy":{"id":"p","version":"1","fingerprint":"sha256:0"},"overrides":{"size":{"reason":""}}},"personal":{"remark":"816f98ad6b08052bebc03d2b8155de4c99d3dbbef8c55dd216555f06a82562aa","overrides/size/reason":"1db55636d4ec34d12e5b9633b153fcbda829afe9a456388b05b0b72800bea67c"},"free":["lead:t-01"]}',X'65CF20FC2CD710D5B0A8E1BF36CB8C0E8FD907A91000F696E59626F415F6EBAC');
INSERT INTO "studioflow_events" VALUES(4,'s-02',1,'2023-04-14T09:00:00.000000+00:00','{"schema":"studioflow.event/1","studio":"s-02","version":1,"recorded":"2023-04-14T09:00:00+00:00","event":{"studio":"s-02","action":"record","source":"operating","dest":"operating","on":"2023-04-14","by":{"id":"p-01","unit":"bureau","roles":["clerk"]},"policy":{"id":"p","version":"1","fingerprint":"sha256:0"}},"take":[["place",30]]}',X'1819280D3BC46F0DAF1D06070CB1B46FFC8E1B0BFCFA3E3CCE6A37FFF118FD42');
INSERT INTO "studioflow_events" VALUES(5,'s-02',2,'2023-04-14T09:00:00.000000+00:00','{"schema":"studioflow.event/1","studio":"s-02","version":2,"recorded":"2023-04-14T09:00:00+00:00","event":{"studio":"s-02","action":"amend","source":"operating","dest":"operating","on":"2023-04-14","by":{"id":"p-01","unit":"bureau","roles":["clerk"]},"policy":{"id":"p","version":"2","fingerprint":"sha256:1"}}}',X'CA67820C46F7D2A2AE4D609DF485B3C69C52BE4ADF4A64E2F810115F6537BE47');
CREATE TABLE studioflow_holders (number INTEGER PRIMARY KEY, slot TEXT NOT NULL, studio TEXT NOT NULL);
INSERT INTO "studioflow_holders" VALUES(1,'place','s-01');
INSERT INTO "studioflow_holders" VALUES(2,'place','s-02');
CREATE TABLE studioflow_journal (
        number BIGINT PRIMARY KEY, kind TEXT NOT NULL, recorded TEXT NOT NULL,
        policy TEXT, body TEXT NOT NULL, hash BLOB NOT NULL);
INSERT INTO "studioflow_journal" VALUES(1,'opening','2023-04-14T09:00:00.000000+00:00','sha256:0','{"schema":"studioflow.journal/1","kind":"opening","number":1,"recorded":"2023-04-14T09:00:00+00:00","policy":{"id":"p","version":"1","fingerprint":"sha256:0","varied":[]},"tables":{"policy":{"id":"p","places":[30]}}}',X'A06B5DA04C7049ED9EC251A88850858510006B876CDCA87D91C4227784C243B2');
INSERT INTO "studioflow_journal" VALUES(2,'amendment','2023-04-14T09:00:00.000000+00:00','sha256:1','{"schema":"studioflow.journal/1","kind":"amendment","number":2,"recorded":"2023-04-14T09:00:00+00:00","before":{"id":"p","version":"1","fingerprint":"sha256:0","varied":[]},"policy":{"id":"p","version":"2","fingerprint":"sha256:1","varied":[]},"tables":{"policy":{"id":"p","places":[40]}},"on":"2023-04-14","by":{"id":"p-01","unit":"bureau","roles":["clerk"]},"remark":"增加名额"}',X'927F49D795CAA18202E6951EC4338B37745018FE1E237DD71ECB0CA04C5DD5CC');
INSERT INTO "studioflow_journal" VALUES(3,'erasure','2023-04-14T10:00:00.000000+00:00',NULL,'{"schema":"studioflow.journal/1","kind":"erasure","number":3,"recorded":"2023-04-14T10:00:00+00:00","paths":{"s-01":{"1":["application/members/0/name"]}},"by":{"id":"p-01","unit":"bureau","roles":["clerk"]},"reason":"依申请"}',X'3076550399FCA3E5E628E4B24217BE2099C66357519228A1E130F449D3F2133B');
CREATE TABLE studioflow_keys (
        actor TEXT NOT NULL, key TEXT NOT NULL, studio TEXT NOT NULL, version INTEGER NOT NULL,
        digest TEXT NOT NULL, PRIMARY KEY (actor, key)) WITHOUT ROWID;
INSERT INTO "studioflow_keys" VALUES('p-01','k-1','s-01',1,'');
CREATE TABLE studioflow_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO "studioflow_meta" VALUES('register','00000000000000000000000000000001');
INSERT INTO "studioflow_meta" VALUES('events','1');
INSERT INTO "studioflow_meta" VALUES('schema','1');
CREATE TABLE studioflow_outbox (
        subscriber TEXT NOT NULL, studio TEXT NOT NULL, version INTEGER NOT NULL,
        leased TEXT, attempts INTEGER NOT NULL DEFAULT 0, error TEXT,
        PRIMARY KEY (subscriber, studio, version)) WITHOUT ROWID;
INSERT INTO "studioflow_outbox" VALUES('mail','s-01',1,NULL,0,NULL);
INSERT INTO "studioflow_outbox" VALUES('mail','s-01',2,NULL,0,NULL);
CREATE TABLE studioflow_personal (
        studio TEXT NOT NULL, version INTEGER NOT NULL, path TEXT NOT NULL, salt BLOB NOT NULL,
        value TEXT NOT NULL, PRIMARY KEY (studio, version, path)) WITHOUT ROWID;
INSERT INTO "studioflow_personal" VALUES('s-01',1,'application/lead/name',X'5FECEB66FFC86F38D952786C6D696C79','"领衔人甲"');
INSERT INTO "studioflow_personal" VALUES('s-01',2,'records/a-1/phone',X'D4735E3A265E16EEE03F59718B9B5D03','"第三十七号电话"');
INSERT INTO "studioflow_personal" VALUES('s-01',3,'overrides/size/reason',X'4B227777D4DD1FC61C6F884F48641D02','"不在册的理由"');
INSERT INTO "studioflow_personal" VALUES('s-01',3,'remark',X'4E07408562BEDB8B60CE05C1DECFE3AD','"只在此处的备注"');
CREATE TABLE studioflow_studios (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
        head BLOB NOT NULL);
INSERT INTO "studioflow_studios" VALUES(1,'s-01',3,X'65CF20FC2CD710D5B0A8E1BF36CB8C0E8FD907A91000F696E59626F415F6EBAC');
INSERT INTO "studioflow_studios" VALUES(2,'s-02',2,X'CA67820C46F7D2A2AE4D609DF485B3C69C52BE4ADF4A64E2F810115F6537BE47');
CREATE INDEX studioflow_keys_event ON studioflow_keys (studio, version);
CREATE INDEX studioflow_holders_slot ON studioflow_holders (slot, number);
COMMIT;
