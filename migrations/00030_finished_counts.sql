-- +goose Up
-- Finished patches kept the numbers of the day they were finished, though scans
-- went on to close their findings. They count again what is open; retired assets
-- count nowhere.
UPDATE patches SET assets = c.affected, patched = c.patched, findings = c.findings
FROM (
    SELECT x.patch_id, SUM(x.open * x.counted) AS affected, SUM(x.findings * x.counted) AS findings,
        SUM(CASE WHEN x.open = 0 THEN x.gone * x.counted ELSE 0 END) AS patched
    FROM (
        SELECT y.patch_id, y.asset_id, MAX(y.open) AS open, SUM(y.open - y.named) AS findings, MAX(y.gone) AS gone,
            MAX(CASE WHEN a.retired_at IS NULL THEN 1 ELSE 0 END) AS counted
        FROM (
            SELECT f.patch_id, f.asset_id, CASE WHEN f.status = 'open' THEN 1 ELSE 0 END AS open,
                CASE WHEN f.status IN ('fixed', 'not_seen') THEN 1 ELSE 0 END AS gone, 0 AS named
            FROM findings f JOIN patches p ON p.id = f.patch_id AND NOT p.is_open
            UNION ALL
            SELECT n.patch_id, n.asset_id, 1, 0, 1 FROM patch_assets n JOIN patches p ON p.id = n.patch_id AND NOT p.is_open
        ) AS y JOIN assets a ON a.id = y.asset_id
        GROUP BY y.patch_id, y.asset_id
    ) AS x GROUP BY x.patch_id
) AS c
WHERE patches.id = c.patch_id AND NOT patches.is_open
    AND (patches.assets <> c.affected OR patches.patched <> c.patched OR patches.findings <> c.findings);

-- +goose Down
